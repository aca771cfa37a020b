package org.osprey.coordinator.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetterStore.StoredLetter;
import tools.jackson.databind.util.RawValue;

/** The schemas of openapi.yaml that show dead letters. */
final class LetterViews {
  private static final int SHOWN_PAYLOAD = 64 * 1024;

  private LetterViews() {}

  record Letter(
      String id,
      Instant storedAt,
      DeadLetter.Reason reason,
      String source,
      String origin,
      @Nullable String actionId,
      @Nullable String actionName,
      int nacks,
      int deaths,
      String error,
      long bytes) {

    static Letter of(StoredLetter stored) {
      DeadLetter letter = stored.letter();
      Action action =
          letter.content() instanceof DeadLetter.Decoded decoded ? decoded.action() : null;
      return new Letter(
          stored.id(),
          stored.storedAt(),
          letter.reason(),
          letter.source(),
          letter.origin(),
          action == null ? null : action.idText(),
          action == null ? null : action.name(),
          letter.nacks(),
          letter.deaths(),
          letter.error(),
          letter.content().size());
    }
  }

  record LetterWithPayload(@JsonUnwrapped Letter letter, @JsonUnwrapped Payload payload) {
    static LetterWithPayload of(StoredLetter stored) {
      return new LetterWithPayload(Letter.of(stored), Payload.of(stored.letter().content()));
    }
  }

  record Payload(
      Instant timestamp,
      Action.@Nullable Encoding encoding,
      @Nullable RawValue data,
      @Nullable String dataBase64,
      @Nullable Boolean hasSecretData,
      @Nullable Map<String, String> attributes) {

    static Payload of(DeadLetter.Content content) {
      return switch (content) {
        case DeadLetter.Decoded decoded -> of(decoded.action());
        case DeadLetter.Undecoded message ->
            new Payload(
                message.timestamp(),
                null,
                null,
                base64(message.data()),
                null,
                message.attributes());
      };
    }

    private static Payload of(Action action) {
      boolean json = action.encoding() == Action.Encoding.JSON;
      return new Payload(
          action.timestamp(),
          action.encoding(),
          json ? raw(action.payload()) : null,
          json ? null : base64(action.payload()),
          action.secret() != null,
          null);
    }

    private static @Nullable RawValue raw(byte[] json) {
      return json.length > SHOWN_PAYLOAD ? null : new RawValue(new String(json, UTF_8));
    }

    private static @Nullable String base64(byte[] data) {
      return data.length > SHOWN_PAYLOAD ? null : Base64.getEncoder().encodeToString(data);
    }
  }
}
