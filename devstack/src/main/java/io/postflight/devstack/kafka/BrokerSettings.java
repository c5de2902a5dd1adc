package io.postflight.devstack.kafka;

import java.nio.file.Path;
import java.util.Properties;

/**
 * The broker's configuration: a single node with a fast start and stop, little memory, and the
 * record sizes that Postflight's topics require.
 */
final class BrokerSettings {
  static final String CLIENT_LISTENER = "PLAINTEXT";
  static final String CONTROLLER_LISTENER = "CONTROLLER";
  static final int NODE_ID = 1;

  /** Records of 4 MiB must be within the broker's limits, including batch overhead. */
  private static final int LARGEST_BATCH = 5 * 1024 * 1024;

  private BrokerSettings() {}

  static Properties of(Path logDirectory, int clientPort, int controllerPort) {
    Properties p = new Properties();
    p.setProperty("node.id", Integer.toString(NODE_ID));
    p.setProperty("process.roles", "broker,controller");
    p.setProperty("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
    p.setProperty(
        "listeners",
        CLIENT_LISTENER
            + "://127.0.0.1:"
            + clientPort
            + ","
            + CONTROLLER_LISTENER
            + "://127.0.0.1:"
            + controllerPort);
    p.setProperty("advertised.listeners", CLIENT_LISTENER + "://127.0.0.1:" + clientPort);
    p.setProperty("controller.listener.names", CONTROLLER_LISTENER);
    p.setProperty("inter.broker.listener.name", CLIENT_LISTENER);
    p.setProperty("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    p.setProperty("log.dirs", logDirectory.toString());

    p.setProperty("auto.create.topics.enable", "false");
    p.setProperty("default.replication.factor", "1");
    p.setProperty("min.insync.replicas", "1");
    p.setProperty("offsets.topic.replication.factor", "1");
    p.setProperty("offsets.topic.num.partitions", "4");
    p.setProperty("offsets.topic.segment.bytes", "8388608");
    p.setProperty("transaction.state.log.replication.factor", "1");
    p.setProperty("transaction.state.log.min.isr", "1");
    p.setProperty("transaction.state.log.num.partitions", "4");
    p.setProperty("transaction.state.log.segment.bytes", "8388608");
    p.setProperty("share.coordinator.state.topic.replication.factor", "1");
    p.setProperty("share.coordinator.state.topic.min.isr", "1");
    p.setProperty("share.coordinator.state.topic.num.partitions", "1");
    p.setProperty("group.initial.rebalance.delay.ms", "0");
    p.setProperty("group.min.session.timeout.ms", "500");

    p.setProperty("message.max.bytes", Integer.toString(LARGEST_BATCH));
    p.setProperty("replica.fetch.max.bytes", Integer.toString(LARGEST_BATCH));
    p.setProperty("log.cleaner.dedupe.buffer.size", "2097152");
    p.setProperty("log.index.size.max.bytes", "2097152");
    p.setProperty("log.segment.bytes", "134217728");
    p.setProperty("log.retention.ms", "-1");

    p.setProperty("num.network.threads", "2");
    p.setProperty("num.io.threads", "4");
    p.setProperty("num.replica.fetchers", "1");
    p.setProperty("background.threads", "2");
    p.setProperty("log.cleaner.threads", "1");
    p.setProperty("group.coordinator.threads", "1");
    p.setProperty("share.coordinator.threads", "1");
    return p;
  }
}
