package org.osprey.coordinator.core;

/**
 * Something that has actions. The constructor does no I/O; a source works on threads of its own and
 * keeps each action until the outcome is known.
 */
public interface Source extends AutoCloseable {

  /** Begins to offer deliveries. Called once. */
  void start(Intake intake);

  /** Stops or resumes offering; what was offered goes on. Both may be repeated. */
  void setPaused(boolean paused);

  /** Never throws. */
  Check check();

  /** How far it is. From any thread, every few seconds; never blocks, never throws. */
  default SourceProgress progress() {
    return SourceProgress.NONE;
  }

  /**
   * Stops offering, tells the origin what is finished and leaves the rest to be delivered again.
   * Bounded in time; may be repeated.
   */
  @Override
  void close();
}
