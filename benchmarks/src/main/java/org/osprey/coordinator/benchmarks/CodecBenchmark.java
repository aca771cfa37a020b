package org.osprey.coordinator.benchmarks;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.osprey.coordinator.codec.ActionDecoder;
import org.osprey.coordinator.codec.ActionNumbers;
import org.osprey.coordinator.codec.JsonObjects;
import org.osprey.coordinator.codec.MessageDecoder;
import org.osprey.coordinator.codec.UndecodableException;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.CountingIds;

/** Reading one message of a source, and checking what a caller sent. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {
  private final ActionDecoder decoder =
      new ActionDecoder(new CountingIds(), ActionNumbers.BUILT_IN);
  private final byte[] object = Samples.object(200);
  private final byte[] json = Samples.json();
  private final byte[] sentJson = Samples.sentJson();
  private final byte[] msgpack = Samples.msgpack();
  private final byte[] msgpackString = Samples.msgpackString();
  private final byte[] proto = Samples.proto();

  /** 200 bytes. */
  @Benchmark
  public byte[] checkJsonObject() throws UndecodableException {
    JsonObjects.check(object);
    return object;
  }

  @Benchmark
  public Action decodeJson() throws UndecodableException {
    return decoder.decode(json, MessageDecoder.Attributes.NONE, Instant.EPOCH);
  }

  /** The form with the time of sending. */
  @Benchmark
  public Action decodeSentJson() throws UndecodableException {
    return decoder.decode(sentJson, MessageDecoder.Attributes.NONE, Instant.EPOCH);
  }

  /** JSON in a msgpack string. */
  @Benchmark
  public Action decodeMsgpackString() throws UndecodableException {
    return decoder.decode(msgpackString, MessageDecoder.Attributes.NONE, Instant.EPOCH);
  }

  @Benchmark
  public Action decodeMsgpack() throws UndecodableException {
    return decoder.decode(msgpack, MessageDecoder.Attributes.NONE, Instant.EPOCH);
  }

  @Benchmark
  public Action decodeProto() throws UndecodableException {
    return decoder.decode(proto, name -> name.equals("encoding") ? "proto" : null, Instant.EPOCH);
  }
}
