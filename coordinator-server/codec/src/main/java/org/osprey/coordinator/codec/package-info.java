/**
 * Reads actions from the forms in which brokers and callers send them. Payloads are checked, never
 * rebuilt: the bytes that came in are the bytes that go out.
 */
@NullMarked
package org.osprey.coordinator.codec;

import org.jspecify.annotations.NullMarked;
