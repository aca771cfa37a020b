package org.osprey.coordinator.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;

/** The arrows: app to features, features to core, and never the other way or across. */
class ArchitectureTest {
  private static final String ROOT = "org.osprey.coordinator";

  /** May be used anywhere: they bring no technology along. */
  private static final String[] COMMON = {
    "java.lang..",
    "java.io..",
    "java.math..",
    "java.nio..",
    "java.time..",
    "java.util..",
    "org.slf4j..",
    "org.jspecify.annotations..",
    "com.google.errorprone.annotations.."
  };

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("/contract/"))
          .importPackages(ROOT);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "app",
        "app.config",
        "codec",
        "collector",
        "collectors",
        "core",
        "database",
        "etcd",
        "http",
        "kafka",
        "metrics",
        "nats",
        "outbound",
        "proto",
        "pubsub",
        "replica",
        "replicasets",
        "rpc",
        "security",
        "settings",
        "snowflake",
        "streams",
        "tasks",
        "tracing",
        "worker"
      })
  void everyPackageIsLookedAt(String name) {
    assertTrue(CLASSES.stream().anyMatch(type -> type.getPackageName().startsWith(in(name))));
  }

  @Test
  void coreKnowsNoTechnology() {
    classes()
        .that()
        .resideInAPackage(in("core.."))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(with(in("core..")))
        .check(CLASSES);
  }

  @Test
  void codecKnowsCoreAndTheFormats() {
    classes()
        .that()
        .resideInAPackage(in("codec.."))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            with(
                in("codec.."),
                in("core.."),
                "com.google.protobuf..",
                "tools.jackson.core..",
                "org.msgpack.."))
        .check(CLASSES);
  }

  @Test
  void settingsKnowNothingElseOfTheProject() {
    noClasses()
        .that()
        .resideInAPackage(in("settings.."))
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are other parts of the project",
                type ->
                    type.getName().startsWith(ROOT) && !type.getName().startsWith(in("settings."))))
        .check(CLASSES);
  }

  @Test
  void outboundKnowsTheJdkOnly() {
    classes()
        .that()
        .resideInAPackage(in("outbound.."))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(with(in("outbound.."), "java.net.http.."))
        .check(CLASSES);
  }

  /** Ports ask it; it knows none of them. */
  @Test
  void securityKnowsCoreOnly() {
    classes()
        .that()
        .resideInAPackage(in("security.."))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            with(
                in("security.."),
                in("core.."),
                "com.nimbusds..",
                "io.grpc.util..",
                "java.net..",
                "java.security..",
                "java.text..",
                "javax.naming..",
                "javax.net.ssl..",
                "javax.security.."))
        .check(CLASSES);
    staysIn("security", "com.nimbusds..");
  }

  @Test
  void featuresNeverSeeEachOther() {
    slices()
        .matching(in("(database|etcd|http|kafka|metrics|nats|pubsub|rpc|snowflake|tracing).."))
        .should()
        .notDependOnEachOther()
        .check(CLASSES);
  }

  /** They are a product of their own upon the database and the HTTP port. */
  @Test
  void tasksStandUponTwoFeatures() {
    noClasses()
        .that()
        .resideInAnyPackage(
            in("codec.."), in("core.."), in("database.."), in("http.."), in("kafka.."), in("rpc.."))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(in("tasks.."))
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage(in("tasks.."))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            in("etcd.."), in("nats.."), in("pubsub.."), in("rpc.."), in("snowflake.."))
        .check(CLASSES);
  }

  /** Likewise upon these and the connection to NATS, each behind a package of its own. */
  @Test
  void streamsStandUponThreeFeatures() {
    noClasses()
        .that()
        .resideOutsideOfPackages(in("app.."), in("streams.."))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(in("streams.."))
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage(in("streams"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(in("database.."), in("http.."), in("nats.."), in("streams.*"))
        .check(CLASSES);
  }

  /** Likewise; what runs collectors and carries their events knows none of the three. */
  @Test
  void collectorsStandUponThreeFeatures() {
    noClasses()
        .that()
        .resideOutsideOfPackages(in("app.."), in("collectors.."))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(in("collectors.."))
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage(in("collectors.flow.."), in("collectors.lifecycle.."))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(in("database.."), in("http.."), in("nats.."))
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage(in("collectors.builtin.."))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            in("collectors.flow.."), in("collectors.lifecycle.."), in("core.."), in("nats.."))
        .check(CLASSES);
  }

  @Test
  void replicaSetsStandUponTwoFeatures() {
    noClasses()
        .that()
        .resideOutsideOfPackages(in("app.."), in("replicasets.."))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(in("replicasets.."))
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages(in("replica.."), in("replicasets.."))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(in("replica.."))
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage(in("replica.."))
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are other parts of the project",
                type ->
                    type.getName().startsWith(ROOT) && !type.getName().startsWith(in("replica."))))
        .check(CLASSES);
  }

  /** Who makes a collector needs the JDK only. */
  @Test
  void theSpiOfCollectorsKnowsNothing() {
    classes()
        .that()
        .resideInAPackage(in("collector"))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(with(in("collector")))
        .check(CLASSES);
  }

  @Test
  void nothingDependsOnApp() {
    noClasses()
        .that()
        .resideOutsideOfPackage(in("app.."))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(in("app.."))
        .check(CLASSES);
  }

  /** But for how collectors are configured, which is theirs to say. */
  @Test
  void theConfigurationKnowsNoFeature() {
    noClasses()
        .that()
        .resideInAPackage(in("app.config.."))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            in("codec.."),
            in("collector.."),
            in("collectors.builtin.."),
            in("collectors.flow.."),
            in("collectors.gateway.."),
            in("collectors.lifecycle.."),
            in("collectors.nats.."),
            in("collectors.store.."),
            in("database.."),
            in("etcd.."),
            in("kafka.."),
            in("metrics.."),
            in("nats.."),
            in("pubsub.."),
            in("replica.."),
            in("replicasets.."),
            in("rpc.."),
            in("snowflake.."),
            in("streams.."),
            in("tasks.."),
            in("tracing.."))
        .check(CLASSES);
  }

  @Test
  void workersDoNotDependOnTheServer() {
    noClasses()
        .that()
        .resideInAPackage(in("worker.."))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            in("app.."),
            in("codec.."),
            in("core.."),
            in("database.."),
            in("etcd.."),
            in("kafka.."),
            in("metrics.."),
            in("nats.."),
            in("pubsub.."),
            in("replica.."),
            in("replicasets.."),
            in("rpc.."),
            in("security.."),
            in("snowflake.."),
            in("streams.."),
            in("tasks.."),
            in("tracing.."))
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage(in("worker.."))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(in("worker.."))
        .check(CLASSES);
  }

  @Test
  void aTechnologyStaysInItsModule() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            in("rpc.."),
            in("proto.."),
            in("worker.."),
            in("etcd.."),
            in("pubsub.."),
            in("security.."))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.grpc..", "io.netty..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage(in("kafka.."))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages(
            in("collectors.builtin.."),
            in("outbound.."),
            in("snowflake.."),
            in("etcd.."),
            in("security.."),
            in("tasks.."))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.net.http..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages(
            in("collectors.store.."),
            in("database.."),
            in("replica.."),
            in("replicasets.."),
            in("streams.store.."),
            in("tasks.."))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "org.jdbi..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages(in("database.."), in("replica.."))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.flywaydb..")
        .check(CLASSES);
    staysIn("etcd", "io.etcd..");
    noClasses()
        .that()
        .resideOutsideOfPackages(
            in("collectors.gateway.."),
            in("http.."),
            in("replicasets.."),
            in("streams.gateway.."),
            in("tasks.."))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.javalin..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages(in("http.."), in("replica.."))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.micrometer..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages(in("http.."), in("metrics.."))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.prometheus..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages(in("collectors.nats.."), in("nats.."), in("streams.nats.."))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.nats..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages(in("tracing.."), in("metrics.."))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.opentelemetry..")
        .check(CLASSES);
    staysIn("pubsub", "com.google.cloud..", "com.google.crypto.tink..", "com.google.pubsub..");
  }

  /** Or its loops are neither in the metrics nor in what readiness asks. */
  @Test
  void whoMakesALoopShowsIt() {
    classes().that(makeALoop()).should().beAssignableTo(Supervised.class).check(CLASSES);
  }

  /**
   * Or whoever sets the clock would end leases. It says when an action is due, and what time to
   * write on a letter.
   */
  @Test
  void theDispatcherAndItsPortsHardlyAskForTheWallClock() {
    Set<String> who =
        CLASSES.stream()
            .filter(type -> type.getPackageName().matches(in("(core|rpc)").replace(".", "\\.")))
            .flatMap(type -> type.getAccessesFromSelf().stream())
            .filter(ArchitectureTest::readsTheWallClock)
            .map(access -> access.getOrigin().getOwner().getSimpleName())
            .collect(Collectors.toSet());
    assertEquals(Set.of("Dispatcher", "InMemoryDeadLetters"), who);
  }

  private static boolean readsTheWallClock(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    return switch (access.getTarget().getName()) {
      case "currentTimeMillis" -> owner.equals("java.lang.System");
      case "now", "instant", "millis" -> owner.startsWith("java.time.");
      case "<init>" -> owner.equals("java.util.Date");
      default -> false;
    };
  }

  private static DescribedPredicate<JavaClass> makeALoop() {
    return DescribedPredicate.describe(
        "make a loop",
        type ->
            type.getConstructorCallsFromSelf().stream()
                .anyMatch(call -> call.getTargetOwner().isEquivalentTo(SupervisedLoop.class)));
  }

  private static void staysIn(String module, String... packages) {
    noClasses()
        .that()
        .resideOutsideOfPackage(in(module + ".."))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .check(CLASSES);
  }

  @Test
  void packagesAreFreeOfCycles() {
    slices().matching(in("(**)")).should().beFreeOfCycles().check(CLASSES);
  }

  private static String in(String name) {
    return ROOT + "." + name;
  }

  private static String[] with(String... packages) {
    return Stream.of(COMMON, packages).flatMap(Stream::of).toArray(String[]::new);
  }
}
