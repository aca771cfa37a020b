package org.osprey.coordinator.core;

/** What the dispatcher's wheel wakes. */
abstract sealed class DispatchTimer extends TimerWheel.Timer
    permits Delivery, Lease, WorkerStream {}
