/**
 * A study, no part of the product: the coordinator's core behind Netty's HTTP/2 handler, without
 * grpc-java, to see what grpc-java costs. RATIONALE.md says what came of it.
 */
@NullMarked
package org.osprey.coordinator.benchmarks.http2;

import org.jspecify.annotations.NullMarked;
