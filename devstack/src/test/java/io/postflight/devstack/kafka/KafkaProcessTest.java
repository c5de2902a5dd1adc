package io.postflight.devstack.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaProcessTest {
  @TempDir Path directory;

  @Test
  void a_broker_in_another_process_serves_until_it_is_closed_and_keeps_its_topics()
      throws Exception {
    long pid;
    try (KafkaProcess kafka = KafkaProcess.start(directory)) {
      pid = kafka.pid();
      try (Admin admin = admin(kafka)) {
        admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1))).all().get();
      }
    }

    assertThat(pid).isNotEqualTo(ProcessHandle.current().pid());
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    try (KafkaProcess again = KafkaProcess.start(directory);
        Admin admin = admin(again)) {
      assertThat(admin.listTopics().names().get()).isEqualTo(Set.of("kept"));
    }
  }

  private static Admin admin(KafkaProcess kafka) {
    return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
  }
}
