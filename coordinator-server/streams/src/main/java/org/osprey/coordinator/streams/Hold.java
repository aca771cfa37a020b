package org.osprey.coordinator.streams;

/**
 * The right to run the streams of one partition.
 *
 * @param partition from 0 to {@link #PARTITIONS}, exclusive
 * @param epoch how often the partition was claimed, by anyone; what is written or told with an
 *     older one does not count any more
 */
public record Hold(int partition, long epoch) {
  public static final int PARTITIONS = 64;

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  /** The same on every coordinator, for ever: FNV-1a of the id's bytes. */
  public static int partitionOf(String streamId) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < streamId.length(); i++) {
      hash = (hash ^ streamId.charAt(i)) * FNV_PRIME;
    }
    return (int) Math.floorMod(hash ^ (hash >>> Integer.SIZE), (long) PARTITIONS);
  }
}
