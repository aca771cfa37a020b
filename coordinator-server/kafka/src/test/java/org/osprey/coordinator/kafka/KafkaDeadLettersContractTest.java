package org.osprey.coordinator.kafka;

import org.osprey.coordinator.contract.DeadLetterStoreContract;
import org.osprey.coordinator.core.DeadLetterStore;

class KafkaDeadLettersContractTest implements DeadLetterStoreContract {
  @Override
  public Rig rig() {
    String topic = SharedBroker.name();
    KafkaSettings settings =
        KafkaSettings.builder(SharedBroker.broker().bootstrapServers(), topic, topic).build();
    SharedBroker.kafka().createTopic(settings.deadLetterTopic(), 1);
    DeadLetterTopic letters = new DeadLetterTopic(settings);
    letters.start();
    return new TopicRig(letters);
  }

  private record TopicRig(DeadLetterTopic letters) implements Rig {
    @Override
    public DeadLetterStore store() {
      return new KafkaDeadLetters(letters);
    }

    @Override
    public void close() {
      letters.close();
    }
  }
}
