package org.osprey.coordinator.worker.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

class RulesTest {
  @Test
  void givesTheVerdictsOfAllRulesThatMatch() throws RuleMistakes {
    Rules rules =
        rules(
            "# a comment",
            "",
            "user_login  ip_address  192.168.*  -> internal_ip, private",
            "user_*      user_id     test_*     -> test_account",
            "*  -> seen internal_ip");
    assertEquals(3, rules.size());
    assertEquals(
        List.of("internal_ip", "private", "seen"),
        rules.verdicts("user_login", fields("{'ip_address':'192.168.1.1'}")));
    assertEquals(
        List.of("test_account", "seen", "internal_ip"),
        rules.verdicts("user_gone", fields("{'user_id':'test_1','ip_address':'192.168.1.1'}")));
    assertEquals(List.of("seen", "internal_ip"), rules.verdicts("guild_joined", Fields.none()));
  }

  @Test
  void looksIntoObjectsAndArraysAndReadsNumbersAsText() throws RuleMistakes {
    Rules rules =
        rules(
            "a user.age 17 -> minor",
            "a user.tags new* -> newcomer",
            "a user.tags.name x -> named",
            "a active true -> active",
            "a gone * -> gone",
            "a note two  words -> spaced",
            "a price 1.50 -> exact");
    assertEquals(
        List.of("minor", "newcomer", "named", "active", "spaced", "exact"),
        rules.verdicts(
            "a",
            fields(
                "{'user':{'age':17,'tags':['old','new_user',{'name':'x'}]},'active':true,"
                    + "'gone':null,'note':'two  words','price':1.50}")));
  }

  @Test
  void takesAllButTheStarLiterally() throws RuleMistakes {
    Rules rules = rules("a ip 10.* -> ten", "a ip *.(x* -> odd");
    assertEquals(List.of(), rules.verdicts("a", fields("{'ip':'100.1'}")));
    assertEquals(List.of("odd"), rules.verdicts("a", fields("{'ip':'y.(x'}")));
  }

  @Test
  void namesTheLineAndWhatIsWrong() {
    assertMistake("my.txt line 1: there is no '->'", "user_login ip_address 10.*");
    assertMistake("my.txt line 2: there is no action before '->'", "* -> seen", "-> seen");
    assertMistake("the field 'ip_address' has no value", "user_login ip_address -> internal_ip");
    assertMistake("there is no verdict after '->'", "user_login ->");
    assertMistake("got 'what?'", "user_login -> what?");
  }

  @Test
  void namesAllMistakesAtOnce() {
    RuleMistakes mistakes = assertThrows(RuleMistakes.class, () -> rules("a", "* -> ok", "b"));
    List<String> lines = String.valueOf(mistakes.getMessage()).lines().toList();
    assertEquals(2, lines.size());
    assertEquals(
        "my.txt line 3: there is no '->', expected ACTION [FIELD VALUE] -> VERDICT; got: b",
        lines.get(1));
  }

  @Test
  void readsOnlyJsonObjects() {
    assertThrows(IllegalArgumentException.class, () -> fields("[1]"));
    assertThrows(JacksonException.class, () -> fields("{'a':"));
    assertThrows(JacksonException.class, () -> fields("{'a':[1"));
  }

  private static Rules rules(String... lines) throws RuleMistakes {
    return Rules.parse("my.txt", List.of(lines));
  }

  private static Fields fields(String json) {
    byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return Fields.read(new ByteArrayInputStream(bytes));
  }

  private static void assertMistake(String part, String... lines) {
    RuleMistakes mistakes = assertThrows(RuleMistakes.class, () -> rules(lines));
    assertTrue(String.valueOf(mistakes.getMessage()).contains(part), mistakes.getMessage());
  }
}
