package org.osprey.coordinator.security;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who showed a token once and goes on without it: holds for as long as the token would.
 *
 * @param until when the token runs out; null for one that is good as long as its file has it
 */
public record SignIn(Identity identity, Digest shown, @Nullable Instant until) {}
