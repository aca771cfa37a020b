package org.osprey.coordinator.app.config;

/** TLS of each port. */
public record PortsTlsConfig(PortTlsConfig worker, PortTlsConfig sync, PortTlsConfig http) {}
