package org.osprey.coordinator.security;

import java.util.Set;
import java.util.concurrent.Semaphore;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.core.Rate;
import org.osprey.coordinator.core.Ticker;

/**
 * Somebody who is known. What it has used of its limits counts for all of its connections together.
 */
public final class Identity {
  private final String name;
  private final Set<Role> roles;
  private final Limits limits;
  private final Rate rate;
  private final Semaphore streams;

  Identity(String name, Set<Role> roles, Limits limits, Ticker ticker) {
    this.name = name;
    this.roles = Set.copyOf(roles);
    this.limits = limits;
    rate = new Rate(limits.actionsPerSecond(), limits.burst(), ticker);
    streams = new Semaphore(limits.streams());
  }

  static Identity unlimited(String name, Set<Role> roles, Ticker ticker) {
    return new Identity(name, roles, Limits.NONE, ticker);
  }

  /** For people; no secret. */
  public String name() {
    return name;
  }

  /** Those it was given. */
  public Set<Role> roles() {
    return roles;
  }

  public boolean may(Role need) {
    return roles.stream().anyMatch(role -> role.covers(need));
  }

  /** Names of the actions that it may send and handle. */
  public ActionNames actions() {
    return limits.actions();
  }

  /** Bytes that the payload of an action may have. */
  int maxPayload() {
    return limits.maxPayload();
  }

  Rate rate() {
    return rate;
  }

  /** Places for streams that are open. */
  Semaphore streams() {
    return streams;
  }

  /**
   * What one identity may use.
   *
   * @param actionsPerSecond 0 for no bound
   * @param burst actions at once after a rest
   * @param maxPayload bytes
   * @param streams of workers, open at a time
   */
  public record Limits(
      ActionNames actions, double actionsPerSecond, double burst, int maxPayload, int streams) {
    /** None. */
    public static final Limits NONE =
        new Limits(ActionNames.ALL, 0, 0, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }
}
