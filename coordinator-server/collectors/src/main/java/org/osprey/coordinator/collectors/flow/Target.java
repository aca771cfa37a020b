package org.osprey.coordinator.collectors.flow;

/**
 * Where an event goes.
 *
 * @param destination a subject, or the name of an action
 * @param sample the share that is kept, from 0 to 1
 */
record Target(Route.Kind kind, String destination, double sample) {}
