/**
 * Reads actions from the forms in which brokers and callers send them. Bytes come in at {@link
 * org.osprey.coordinator.codec.ActionDecoder} and leave as an action whose JSON or protobuf payload
 * is checked and never rebuilt; only msgpack maps are turned into JSON.
 */
@NullMarked
package org.osprey.coordinator.codec;

import org.jspecify.annotations.NullMarked;
