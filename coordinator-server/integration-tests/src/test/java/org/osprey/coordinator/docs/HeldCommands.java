package org.osprey.coordinator.docs;

import static org.osprey.coordinator.docs.Holding.byTest;
import static org.osprey.coordinator.docs.Holding.notHere;
import static org.osprey.coordinator.docs.Holding.run;

import java.util.List;
import org.osprey.coordinator.docs.Holding.Entry;
import org.osprey.coordinator.docs.Holding.Way;

/** Every command that documents may give; the first that fits decides, and none fails the test. */
final class HeldCommands {
  private static final String START_TEST = "scripts/start_test.sh";
  private static final String COORDCTL_TEST = "scripts/coordctl_test.sh";
  private static final String IT =
      "coordinator-server/integration-tests/src/test/java/org/osprey/coordinator/it/";
  private static final String DOCS =
      "coordinator-server/integration-tests/src/test/java/org/osprey/coordinator/docs/";

  private HeldCommands() {}

  static List<Entry> list() {
    return List.of(
        // What starts things.
        byTest("(\\./)?start\\.sh", START_TEST, "\"$copy/start.sh\"\n"),
        byTest("(\\./)?start\\.sh --tasks", START_TEST, "\"$copy/start.sh\" --tasks"),
        byTest("(\\./)?start\\.sh --streams", START_TEST, "\"$copy/start.sh\" --streams"),
        byTest(
            "(\\./)?start\\.sh --no-sample-worker( --config \\S+)?",
            START_TEST,
            "\"$copy/start.sh\" --no-sample-worker"),
        byTest(
            "(\\./)?start\\.sh --config \\S+", START_TEST, "\"$copy/start.sh\" --config ../ports"),
        byTest(
            "\\./start\\.sh --with-coordinator.*", "scripts/local_test.sh", "--with-coordinator"),
        byTest("docs/examples/python-worker/run\\.sh.*", DOCS + "WorkersTest.java", "run.sh"),
        byTest("docs/examples/go-worker/build\\.sh.*", DOCS + "WorkersTest.java", "build.sh"),

        // The settings alone.
        run("", Way.SETTINGS),

        // Calls.
        run("curl -N .*", Way.CURL_FOLLOWING),
        run("curl .*", Way.CURL),
        run("grpcurl -plaintext .*", Way.GRPCURL),
        run("wscat -c ws://\\S+", Way.WEB_SOCKET),

        // The command line.
        byTest(
            "\\./coordctl dead-letters (show|replay|purge).*",
            IT + "CoordctlTest.java",
            "dead-letters replay"),
        byTest("\\./coordctl drain.*", IT + "CoordctlTest.java", "drainStopsTheCoordinator"),
        byTest("\\./coordctl load.*", IT + "CoordctlTest.java", "loadIsAnsweredAndMeasured"),
        byTest(
            "\\./coordctl streams watch.*", IT + "CoordctlStreamsTest.java", "streams watch show"),
        byTest("\\./coordctl (pause|resume) .*", IT + "CoordctlTest.java", "\"resume source-1\""),
        byTest(
            "(\\./)?coordctl replica-sets .*",
            IT + "CoordctlReplicaSetsTest.java",
            "\"replica-sets list\""),
        byTest(
            "source <\\(\\./coordctl completion\\)",
            "worker-client/coordctl/src/test/java/org/osprey/coordinator/ctl/HelpTest.java",
            "theCompletionIsBash"),
        byTest(
            "\\./coordctl --help",
            "worker-client/coordctl/src/test/java/org/osprey/coordinator/ctl/HelpTest.java",
            "everyCommandPrintsItsHelp"),
        byTest("\\./coordctl config check .*", COORDCTL_TEST, "launch config check"),
        byTest("\\./coordctl collectors .*", IT + "CoordctlCollectorsTest.java", "collectors list"),
        run("\\./coordctl .*", Way.COORDCTL),
        run("coordctl .*", Way.COORDCTL_HELP),

        // What other tests run.
        byTest(
            "\\./run\\.sh --worker-port \\d+ --sync-port \\d+",
            IT + "ForeignClientsTest.java",
            "src/test/python/run.sh"),
        byTest("\\./run\\.sh --prepare-only", "test.sh", "--prepare-only"),
        byTest(
            "(javac|cp|jar) .*",
            "coordinator-server/collectors/src/test/java/org/osprey/coordinator/collectors/builtin/ExampleTest.java",
            "itCompilesAgainstTheInterfaceAloneAndRuns"),
        byTest(
            "(mvn -q package -DskipTests -pl docs/examples/replica-sets -am|cd docs/examples/replica-sets"
                + "|export DATABASE_URL=\\S+|java -cp 'target/replica-sets-example\\S+ example\\..*)",
            "docs/examples/replica-sets/src/test/java/example/ExamplesTest.java",
            "QuickStart.class"),

        // What no test can run.
        notHere("(\\./)?test\\.sh.*", "runs the tests, this one among them"),
        notHere("(\\./|scripts/)?(release|soak|fuzz|upgrade)\\.sh.*", "takes minutes to hours"),
        notHere(
            "(\\./)?benchmarks/run\\.sh.*|run\\.sh e2e .*",
            "measures, for minutes, on a machine of its own"),
        notHere(
            "mvn -q test-compile dependency:build-classpath .*|java -cp .*StateThroughput",
            "measures, for minutes, on a machine of its own"),
        notHere(
            "mvn (verify|spotless:apply|.* -Dconfiguration\\.write=true)",
            "builds, or writes into the repository"),
        notHere(
            "(\\S+/)?bin/(coordinator|sample-worker|coordctl)( .*)?",
            "stands in the archive that release.sh makes, whose own test starts it"),
        notHere(
            "go mod download .*|python3 docker/helm/schemas/.*",
            "fetches what Kubernetes says of itself, for schemas that are kept"),
        notHere("mvn versions:set.*", "changes the version of everything"),
        notHere("docker .*", "needs a container engine"),
        notHere("(kubectl|helm) .*", "needs a cluster"),
        notHere("nats .*", "needs the command line of NATS, which is not the project's"));
  }
}
