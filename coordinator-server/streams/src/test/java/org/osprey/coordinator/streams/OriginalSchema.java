package org.osprey.coordinator.streams;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import java.util.Locale;
import java.util.Objects;

/** Reads messages as clients of the original do, who know its fields and no others. */
final class OriginalSchema {
  private static final String MESSAGES =
      """
      Start: 1 string stream_id, 2 Config config
      Stream: 1 string stream_id
      ForceScene: 1 string stream_id, 2 string scene_name
      Status: 1 string stream_id, 2 bool is_streaming, 3 uint64 stream_time, 4 string timecode
      OrchestratorCommand: 1 Start start, 2 Stream stop, 3 Stream pause, 4 Stream resume, \
      5 ForceScene force_scene, 6 Stream skip_scene, 7 Status update_stream_status, \
      8 Start reconfigure
      Register: 1 string stream_id, 2 string client_id, 3 string source_addr
      Client: 1 string stream_id, 2 string client_id
      SubscriptionCommand: 1 Register register, 2 Client unregister, 3 Client heartbeat
      Config: 1 repeated-Scene scenes, 2 uint64 tick_interval_ms
      Scene: 1 string name, 2 uint64 duration_ms
      StateUpdate: 1 string stream_id, 2 string current_scene, 3 uint64 current_time, \
      4 uint64 time_remaining, 5 double progress_percentage, 6 bool is_running, \
      7 bool is_paused, 8 bool is_complete, 9 string stream_timecode, 10 bool stream_is_streaming
      """;

  private static final String REPEATED = "repeated-";

  private final FileDescriptor file;

  OriginalSchema() {
    FileDescriptorProto.Builder made =
        FileDescriptorProto.newBuilder().setName("original.proto").setSyntax("proto3");
    MESSAGES.lines().map(OriginalSchema::message).forEach(made::addMessageType);
    try {
      file = FileDescriptor.buildFrom(made.build(), new FileDescriptor[0]);
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException(e);
    }
  }

  DynamicMessage read(String type, MessageLite ours) throws InvalidProtocolBufferException {
    return DynamicMessage.parseFrom(
        Objects.requireNonNull(file.findMessageTypeByName(type)), ours.toByteArray());
  }

  /** The value of a field, or of a field of a field: names joined by dots. */
  static Object value(DynamicMessage message, String path) {
    Object value = message;
    for (String name : path.split("\\.", -1)) {
      DynamicMessage holder = (DynamicMessage) value;
      value =
          holder.getField(
              Objects.requireNonNull(holder.getDescriptorForType().findFieldByName(name), path));
    }
    return value;
  }

  private static DescriptorProto message(String line) {
    String[] parts = line.split(": ", 2);
    DescriptorProto.Builder made = DescriptorProto.newBuilder().setName(parts[0]);
    for (String field : parts[1].split(", ", -1)) {
      made.addField(field(field.split(" ", 3)));
    }
    return made.build();
  }

  private static FieldDescriptorProto field(String[] parts) {
    boolean repeated = parts[1].startsWith(REPEATED);
    String type = repeated ? parts[1].substring(REPEATED.length()) : parts[1];
    FieldDescriptorProto.Builder made =
        FieldDescriptorProto.newBuilder()
            .setNumber(Integer.parseInt(parts[0]))
            .setName(parts[2])
            .setLabel(repeated ? Label.LABEL_REPEATED : Label.LABEL_OPTIONAL);
    return Character.isUpperCase(type.charAt(0))
        ? made.setType(FieldDescriptorProto.Type.TYPE_MESSAGE).setTypeName("." + type).build()
        : made.setType(FieldDescriptorProto.Type.valueOf("TYPE_" + type.toUpperCase(Locale.ROOT)))
            .build();
  }
}
