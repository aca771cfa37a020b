package org.osprey.coordinator.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActionNamesTest {

  @ParameterizedTest
  @CsvSource({
    "user_login, user_login",
    "*, user_login",
    "**, user_login",
    "user_*, user_login",
    "user_*, user_",
    "*_login, user_login",
    "*_*, user_login",
    "u*r*n, user_login",
    "*a, aaa",
    "a*a, aa",
    "*ab, aab",
    "*\u00e9*, caf\u00e9s"
  })
  void matches(String glob, String name) {
    assertTrue(ActionNames.parse(glob).matches(name));
  }

  @ParameterizedTest
  @CsvSource({
    "user_login, user_logout",
    "user_login, user_login2",
    "user_login, User_login",
    "user_*, guild_created",
    "*_login, user_login_failed",
    "a*a, a",
    "*ab, aba",
    "a?c, abc",
    "a.c, abc",
    "[ab], a",
    "u\\*, user"
  })
  void doesNotMatch(String glob, String name) {
    assertFalse(ActionNames.parse(glob).matches(name));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void matchesWhatARegularExpressionMatches(long seed) {
    Random random = new Random(seed);
    int matched = 0;
    for (int i = 0; i < 20_000; i++) {
      String glob = text(random, "ab*", 8);
      String name = text(random, "ab", 8);
      boolean expected = Pattern.matches(glob.replace("*", ".*"), name);
      assertEquals(expected, new ActionNames(List.of(glob)).matches(name), glob + " on " + name);
      matched += expected ? 1 : 0;
    }
    assertTrue(matched > 1_000, "hardly any matched: " + matched);
  }

  @Test
  void aHostileGlobCostsLittle() {
    ActionNames names =
        new ActionNames(
            IntStream.range(0, 100)
                .mapToObj(i -> "*" + "a".repeat(190) + "b%03d".formatted(i))
                .toList());
    String name = "a".repeat(10_000);
    assertTimeoutPreemptively(Duration.ofSeconds(60), () -> assertFalse(names.matches(name)));
  }

  @Test
  void anyGlobOfManyIsEnough() {
    ActionNames names = ActionNames.parse(" user_* ,, guild_created,");
    assertEquals(List.of("guild_created", "user_*"), names.globs());
    assertTrue(names.matches("user_login"));
    assertTrue(names.matches("guild_created"));
    assertFalse(names.matches("guild_left"));
  }

  @Test
  void equalSetsAreEqualInAnyOrder() {
    assertEquals(ActionNames.parse("a,b,a"), ActionNames.parse("b,a"));
    assertEquals(ActionNames.parse("a,b,a").hashCode(), ActionNames.parse("b,a").hashCode());
  }

  @Test
  void theStarSwallowsTheOthers() {
    assertEquals(ActionNames.ALL, ActionNames.parse("a,*,b_*"));
  }

  @Test
  void keepsNoListOfTheCaller() {
    List<String> globs = new ArrayList<>(List.of("a"));
    ActionNames names = new ActionNames(globs);
    globs.add("b");
    assertEquals(List.of("a"), names.globs());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ",", " , ,"})
  void wantsAtLeastOneGlob(String text) {
    assertEquals("no action names given, want at least one glob", problem(text));
  }

  @Test
  void takesAHundredGlobsOfTwoHundredCharacters() {
    List<String> globs =
        IntStream.range(0, 100).mapToObj(i -> "%03d".formatted(i) + "x".repeat(197)).toList();
    assertEquals(globs, new ActionNames(globs).globs());
  }

  @Test
  void refusesMoreGlobs() {
    String globs =
        IntStream.range(0, 101).mapToObj(Integer::toString).collect(Collectors.joining(","));
    assertEquals("101 action names given, want at most 100", problem(globs));
    assertThrows(
        IllegalArgumentException.class, () -> new ActionNames(Collections.nCopies(101, "*")));
  }

  @Test
  void refusesLongerGlobs() {
    assertEquals(
        "an action name of 201 characters given, want at most 200",
        problem("a," + "x".repeat(201)));
  }

  private static String problem(String text) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> ActionNames.parse(text)).getMessage());
  }

  private static String text(Random random, String alphabet, int maxLength) {
    int length = 1 + random.nextInt(maxLength);
    return random
        .ints(length, 0, alphabet.length())
        .mapToObj(i -> alphabet.substring(i, i + 1))
        .collect(Collectors.joining());
  }
}
