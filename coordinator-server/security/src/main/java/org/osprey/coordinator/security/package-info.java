/**
 * Who may connect, and what they may do: TLS, tokens, client certificates, roles and limits. The
 * ports ask {@link org.osprey.coordinator.security.Access}; nothing in here knows a port.
 */
@NullMarked
package org.osprey.coordinator.security;

import org.jspecify.annotations.NullMarked;
