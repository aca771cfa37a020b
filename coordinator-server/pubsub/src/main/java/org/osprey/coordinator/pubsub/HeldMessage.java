package org.osprey.coordinator.pubsub;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.pubsub.v1.PubsubMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Outcome;

/**
 * A message that is leased to us, until it is answered by an ack or a nack, once. It may be leased
 * to us again meanwhile; the answer then goes to every lease, because the library counts each.
 */
final class HeldMessage implements Delivery.Handle {
  private final HeldMessages owner;
  private final PubsubMessage message;
  private final long since;

  /** The plaintext of an encrypted message; set before anybody else sees this object. */
  private @Nullable Future<byte[]> opened;

  @GuardedBy("this")
  private final List<Lease> leases = new ArrayList<>(1);

  @GuardedBy("this")
  private boolean answered;

  HeldMessage(HeldMessages owner, PubsubMessage message, Lease lease) {
    this.owner = owner;
    this.message = message;
    since = lease.at();
    leases.add(lease);
  }

  String id() {
    return message.getMessageId();
  }

  PubsubMessage message() {
    return message;
  }

  /** When it was leased to us first, in ticker nanoseconds. */
  long since() {
    return since;
  }

  @Nullable Future<byte[]> opened() {
    return opened;
  }

  void setOpened(Future<byte[]> plaintext) {
    opened = plaintext;
  }

  @Override
  public void finished(Outcome outcome) {
    owner.release();
    switch (outcome) {
      case Outcome.Acked acked -> ack();
      case Outcome.DeadLettered letter -> ack();
      case Outcome.Nacked nacked -> nack();
      case Outcome.Expired expired -> nack();
      case Outcome.Rejected rejected -> nack();
    }
  }

  @Override
  public String origin() {
    return owner.origin(id());
  }

  /** It need not come again. */
  void ack() {
    owner.ack(this);
  }

  /** It shall come again, when the subscription's backoff allows. */
  void nack() {
    owner.nack(this);
  }

  /**
   * @return whether the lease was added; false when the message has been answered
   */
  synchronized boolean renew(Lease lease) {
    if (answered) {
      return false;
    }
    leases.add(lease);
    return true;
  }

  synchronized Lease newestLease() {
    return leases.getLast();
  }

  /**
   * @return the leases that now have to be answered, the newest last; none when that was done
   */
  synchronized List<Lease> answer() {
    if (answered) {
      return List.of();
    }
    answered = true;
    return leases;
  }
}
