package org.osprey.coordinator.worker;

import org.osprey.coordinator.proto.bidirectional_stream.v1.Ack;
import org.osprey.coordinator.proto.bidirectional_stream.v1.AckOrNack;
import org.osprey.coordinator.proto.bidirectional_stream.v1.ActionRequest;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Disconnect;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Nack;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Request;
import org.osprey.coordinator.proto.common.v1.Verdicts;

/** Puts answers into wire form. */
final class Requests {
  private Requests() {}

  /** Answers the action and asks for the next. */
  static Request answer(OspreyCoordinatorAction action, Answer answer) {
    return Request.newBuilder()
        .setActionRequest(ActionRequest.newBuilder().setAckOrNack(ackOrNack(action, answer)))
        .build();
  }

  /** Answers the action and asks for no more. */
  static Request lastAnswer(OspreyCoordinatorAction action, Answer answer) {
    return Request.newBuilder()
        .setDisconnect(Disconnect.newBuilder().setAckOrNack(ackOrNack(action, answer)))
        .build();
  }

  static Request disconnect() {
    return Request.newBuilder().setDisconnect(Disconnect.getDefaultInstance()).build();
  }

  private static AckOrNack ackOrNack(OspreyCoordinatorAction action, Answer answer) {
    AckOrNack.Builder result = AckOrNack.newBuilder().setAckId(action.getAckId());
    switch (answer) {
      case Answer.Verdicts verdicts -> result.setAck(ack(action, verdicts));
      case Answer.Nack ignored -> result.setNack(Nack.getDefaultInstance());
    }
    return result.build();
  }

  private static Ack ack(OspreyCoordinatorAction action, Answer.Verdicts answer) {
    Verdicts.Builder verdicts =
        Verdicts.newBuilder()
            .setActionId(action.getActionId())
            .setActionName(action.getActionName())
            .addAllVerdicts(answer.verdicts());
    if (action.hasTimestamp()) {
      verdicts.setTimestamp(action.getTimestamp());
    }
    Ack.Builder ack = Ack.newBuilder().setVerdicts(verdicts);
    if (answer.executionResult() != null) {
      ack.setExecutionResult(answer.executionResult());
    }
    return ack.build();
  }
}
