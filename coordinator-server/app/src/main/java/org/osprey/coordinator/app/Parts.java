package org.osprey.coordinator.app;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.IdGenerator;
import org.osprey.coordinator.core.ResultSink;
import org.osprey.coordinator.core.Source;
import org.osprey.coordinator.rpc.RpcSettings;

/**
 * What a coordinator is made of.
 *
 * @param sink null when results are not published
 * @param sources started last, closed first
 * @param components started first in this order, closed last in the other
 * @param drainTimeout how long closing waits for what is out
 */
public record Parts(
    DispatcherSettings dispatching,
    RpcSettings ports,
    IdGenerator ids,
    DeadLetters deadLetters,
    @Nullable ResultSink sink,
    List<Source> sources,
    List<Component> components,
    Duration drainTimeout) {}
