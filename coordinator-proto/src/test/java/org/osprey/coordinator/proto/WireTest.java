package org.osprey.coordinator.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.proto.actions.v1.Action;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;
import org.osprey.coordinator.proto.common.v1.ExecutionResult;
import org.osprey.coordinator.proto.common.v1.Verdicts;
import org.osprey.coordinator.proto.externalscaler.ScaledObjectRef;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionRequest;

/** The expected texts are the protocol as its clients know it: nothing in them may ever change. */
class WireTest {

  @Test
  void common() {
    assertWire(
        ExecutionResult.getDescriptor(),
        """
        package osprey.rpc.common.v1 proto3
        message ExecutionResult
          1 uint64 action_id
          2 string action_name
          3 string action_data_json
          4 string extracted_features_json
          5 string error_traces_json
          6 bool sync
          7 google.protobuf.Timestamp timestamp
        """);
    assertWire(
        Verdicts.getDescriptor(),
        """
        package osprey.rpc.common.v1 proto3
        message Verdicts
          1 uint64 action_id
          2 string action_name
          3 repeated string verdicts
          4 google.protobuf.Timestamp timestamp
        """);
  }

  @Test
  void bidirectionalStream() {
    assertWire(
        OspreyCoordinatorAction.getDescriptor(),
        """
        package osprey.rpc.osprey_coordinator.bidirectional_stream.v1 proto3
        service OspreyCoordinatorService
          OspreyBidirectionalStream stream .Request -> stream .OspreyCoordinatorAction
        message Ack
          1 osprey.rpc.common.v1.ExecutionResult execution_result
          2 osprey.rpc.common.v1.Verdicts verdicts
        message AckOrNack
          1 uint64 ack_id
          2 .Ack ack (oneof ack_or_nack)
          3 .Nack nack (oneof ack_or_nack)
        message ActionRequest
          1 .ClientDetails initial (oneof action_request)
          2 .AckOrNack ack_or_nack (oneof action_request)
        message ClientDetails
          1 string id
        message Disconnect
          1 .AckOrNack ack_or_nack
        message Nack
        message OspreyCoordinatorAction
          1 uint64 ack_id
          2 uint64 action_id
          3 string action_name
          4 bytes json_action_data (oneof action_data)
          5 bytes proto_action_data (oneof action_data)
          6 google.protobuf.Timestamp timestamp
          7 bytes json_secret_data (oneof secret_data)
        message Request
          1 .ActionRequest action_request (oneof request)
          2 .Disconnect disconnect (oneof request)
        """);
  }

  @Test
  void syncAction() {
    assertWire(
        ProcessActionRequest.getDescriptor(),
        """
        package osprey.rpc.osprey_coordinator.sync_action.v1 proto3
        service OspreyCoordinatorSyncActionService
          ProcessAction .ProcessActionRequest -> .ProcessActionResponse
        message ProcessActionRequest
          1 google.protobuf.UInt64Value action_id
          2 string action_name
          3 string action_data_json
          5 google.protobuf.Timestamp timestamp
        message ProcessActionResponse
          2 osprey.rpc.common.v1.Verdicts verdicts
        """);
  }

  @Test
  void actions() {
    assertWire(
        Action.getDescriptor(),
        """
        package osprey.rpc.actions.v1 proto3
        message Action
          1 fixed64 id
          2 bytes auth_session_created (oneof data)
          3 bytes auth_session_modified (oneof data)
          4 bytes user_flink_application_scored (oneof data)
          5 bytes guild_flink_application_scored (oneof data)
          6 bytes guild_created (oneof data)
          7 bytes user_batch_ml_score (oneof data)
          8 bytes user_blocked (oneof data)
          9 bytes guild_joined (oneof data)
          10 bytes osprey_auto_clustering_user (oneof data)
          11 bytes osprey_auto_clustering_key (oneof data)
          12 bytes hash_matcher_icon_matched (oneof data)
          13 bytes safety_visual_prediction (oneof data)
        """);
  }

  @Test
  void externalScaler() {
    assertWire(
        ScaledObjectRef.getDescriptor(),
        """
        package externalscaler proto3
        service ExternalScaler
          IsActive .ScaledObjectRef -> .IsActiveResponse
          StreamIsActive .ScaledObjectRef -> stream .IsActiveResponse
          GetMetricSpec .ScaledObjectRef -> .GetMetricSpecResponse
          GetMetrics .GetMetricsRequest -> .GetMetricsResponse
        message GetMetricSpecResponse
          1 repeated .MetricSpec metricSpecs
        message GetMetricsRequest
          1 .ScaledObjectRef scaledObjectRef
          2 string metricName
        message GetMetricsResponse
          1 repeated .MetricValue metricValues
        message IsActiveResponse
          1 bool result
        message MetricSpec
          1 string metricName
          2 int64 targetSize
          3 double targetSizeFloat
        message MetricValue
          1 string metricName
          2 int64 metricValue
          3 double metricValueFloat
        message ScaledObjectRef
          1 string name
          2 string namespace
          3 repeated .ScaledObjectRef.ScalerMetadataEntry scalerMetadata
        message ScaledObjectRef.ScalerMetadataEntry
          1 string key
          2 string value
        """);
  }

  private static void assertWire(Descriptor any, String expected) {
    assertEquals(expected, describe(any.getFile()));
  }

  private static String describe(FileDescriptor file) {
    String head = "package " + file.getPackage() + " " + file.toProto().getSyntax();
    Stream<String> services = file.getServices().stream().flatMap(WireTest::describe);
    Stream<String> messages =
        file.getMessageTypes().stream()
            .flatMap(WireTest::withNested)
            .sorted((one, other) -> one.getFullName().compareTo(other.getFullName()))
            .flatMap(WireTest::describe);
    assertEquals(List.of(), file.getEnumTypes());
    assertEquals(List.of(), file.getExtensions());
    return Stream.concat(Stream.of(head), Stream.concat(services, messages))
        .map(line -> line.replace(file.getPackage() + ".", ".") + "\n")
        .collect(Collectors.joining());
  }

  private static Stream<Descriptor> withNested(Descriptor message) {
    return Stream.concat(
        Stream.of(message), message.getNestedTypes().stream().flatMap(WireTest::withNested));
  }

  private static Stream<String> describe(ServiceDescriptor service) {
    return Stream.concat(
        Stream.of("service " + service.getName()),
        service.getMethods().stream().map(WireTest::describe));
  }

  private static String describe(MethodDescriptor method) {
    return "  "
        + method.getName()
        + (method.isClientStreaming() ? " stream " : " ")
        + method.getInputType().getFullName()
        + (method.isServerStreaming() ? " -> stream " : " -> ")
        + method.getOutputType().getFullName();
  }

  private static Stream<String> describe(Descriptor message) {
    String name = message.getFullName().substring(message.getFile().getPackage().length() + 1);
    return Stream.concat(
        Stream.of("message " + name),
        message.getFields().stream().sorted().map(WireTest::describe));
  }

  private static String describe(FieldDescriptor field) {
    OneofDescriptor oneof = field.getContainingOneof();
    return "  "
        + field.getNumber()
        + (field.isRepeated() ? " repeated " : " ")
        + type(field)
        + " "
        + field.getName()
        + (oneof == null ? "" : " (oneof " + oneof.getName() + ")");
  }

  private static String type(FieldDescriptor field) {
    return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        ? field.getMessageType().getFullName()
        : field.getType().name().toLowerCase(Locale.ROOT);
  }
}
