package io.postflight.devstack.cql;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Operations of {@code nodetool}, through the node's MBeans: nodetool itself requires a JMX port,
 * which embedded nodes do not open.
 */
final class NodeControl {
  private static final String STORAGE = "org.apache.cassandra.db:type=StorageService";
  private static final String GUARDRAILS = "org.apache.cassandra.db:type=Guardrails";
  private static final String[] ALL_TABLES = {};

  private NodeControl() {}

  /** Flushes the keyspace's memtables and compacts its tables. */
  static void flushAndCompact(long pid, String keyspace) {
    with(
        pid,
        "compact keyspace " + keyspace,
        beans -> {
          ObjectName storage = new ObjectName(STORAGE);
          beans.invoke(
              storage,
              "forceKeyspaceFlush",
              new Object[] {keyspace, ALL_TABLES},
              new String[] {String.class.getName(), String[].class.getName()});
          beans.invoke(
              storage,
              "forceKeyspaceCompaction",
              new Object[] {false, keyspace, ALL_TABLES},
              new String[] {
                boolean.class.getName(), String.class.getName(), String[].class.getName()
              });
        });
  }

  /** Sets the disk size and the usage thresholds of the guardrail. */
  static void guardDisk(long pid, int mebibytes, int warnPercent, int failPercent) {
    with(
        pid,
        "set the guardrail of disk usage",
        beans -> {
          ObjectName guardrails = new ObjectName(GUARDRAILS);
          beans.setAttribute(
              guardrails, new Attribute("DataDiskUsageMaxDiskSize", mebibytes + "MiB"));
          beans.invoke(
              guardrails,
              "setDataDiskUsagePercentageThreshold",
              new Object[] {warnPercent, failPercent},
              new String[] {int.class.getName(), int.class.getName()});
        });
  }

  private interface Operation {
    void run(MBeanServerConnection beans) throws IOException, JMException;
  }

  @SuppressWarnings("BanJNDI") // the address is that of the child process
  private static void with(long pid, String what, Operation operation) {
    try {
      VirtualMachine node = VirtualMachine.attach(Long.toString(pid));
      try (JMXConnector connector =
          JMXConnectorFactory.connect(new JMXServiceURL(node.startLocalManagementAgent()))) {
        operation.run(connector.getMBeanServerConnection());
      } finally {
        node.detach();
      }
    } catch (IOException | AttachNotSupportedException | JMException failure) {
      throw new IllegalStateException("cannot " + what, failure);
    }
  }
}
