package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The manifest has no field that Kubernetes does not know, and its parts fit each other. */
class KubernetesTest {
  private static final YAMLMapper YAML = new YAMLMapper();

  private final Map<String, JsonNode> documents = documents();

  private static Map<String, JsonNode> documents() {
    Map<String, JsonNode> documents = new TreeMap<>();
    try {
      for (String text : Files.readString(Path.of("kubernetes.yaml")).split("\n---\n", -1)) {
        JsonNode document = YAML.readTree(text);
        documents.put(document.get("kind").asString(), document);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return documents;
  }

  private JsonNode document(String kind) {
    JsonNode document = documents.get(kind);
    if (document == null) {
      throw new AssertionError("want " + kind + ", got " + documents.keySet());
    }
    return document;
  }

  private static JsonElement strict(JsonNode document) {
    return JsonParser.parseString(document.toString());
  }

  @Test
  void everyFieldIsKnown() throws IOException {
    assertEquals(3, documents.size());
    V1Deployment.validateJsonElement(strict(document("Deployment")));
    V1PodDisruptionBudget.validateJsonElement(strict(document("PodDisruptionBudget")));
    V2HorizontalPodAutoscaler.validateJsonElement(strict(document("HorizontalPodAutoscaler")));
    String wrong =
        document("Deployment").toString().replace("terminationGracePeriodSeconds", "gracePeriod");
    assertThrows(
        IllegalArgumentException.class,
        () -> V1Deployment.validateJsonElement(JsonParser.parseString(wrong)));
  }

  @Test
  void itsPartsFitEachOther() {
    JsonNode deployment = document("Deployment");
    JsonNode labels = deployment.at("/spec/template/metadata/labels");
    assertEquals(labels, deployment.at("/spec/selector/matchLabels"));
    assertEquals(labels, document("PodDisruptionBudget").at("/spec/selector/matchLabels"));
    assertEquals(
        deployment.at("/metadata/name"),
        document("HorizontalPodAutoscaler").at("/spec/scaleTargetRef/name"));
    JsonNode container = deployment.at("/spec/template/spec/containers/0");
    assertEquals("/live", container.at("/livenessProbe/httpGet/path").asString());
    assertEquals("/ready", container.at("/readinessProbe/httpGet/path").asString());
    assertEquals(
        container.at("/env/0/value").asString(), container.at("/ports/0/containerPort").asString());
  }

  @Test
  void workersComeAndGoSlowly() {
    JsonNode behaviour = document("HorizontalPodAutoscaler").at("/spec/behavior");
    for (String direction : new String[] {"scaleUp", "scaleDown"}) {
      JsonNode rules = behaviour.get(direction);
      assertTrue(rules.get("stabilizationWindowSeconds").asInt() >= 300, direction);
      assertEquals(1, rules.at("/policies/0/value").asInt(), direction);
    }
    assertTrue(
        document("Deployment").at("/spec/template/spec/terminationGracePeriodSeconds").asInt()
            >= 60);
  }
}
