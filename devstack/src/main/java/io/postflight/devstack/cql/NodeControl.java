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
 * What {@code nodetool} does with a node, through the node's own MBeans: nodetool itself needs a
 * port, which a node of ours does not open.
 */
final class NodeControl {
  private static final String STORAGE = "org.apache.cassandra.db:type=StorageService";
  private static final String GUARDRAILS = "org.apache.cassandra.db:type=Guardrails";
  private static final String[] ALL_TABLES = {};

  private NodeControl() {}

  /** Writes the keyspace's memtables to disk, and then all its tables' files into one each. */
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

  /** Sets what the node takes for the size of its disk, and from what part of it on it is full. */
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

  private interface Work {
    void with(MBeanServerConnection beans) throws IOException, JMException;
  }

  @SuppressWarnings("BanJNDI") // the address is that of our own child process
  private static void with(long pid, String what, Work work) {
    try {
      VirtualMachine node = VirtualMachine.attach(Long.toString(pid));
      try (JMXConnector connector =
          JMXConnectorFactory.connect(new JMXServiceURL(node.startLocalManagementAgent()))) {
        work.with(connector.getMBeanServerConnection());
      } finally {
        node.detach();
      }
    } catch (IOException | AttachNotSupportedException | JMException failure) {
      throw new IllegalStateException("cannot " + what, failure);
    }
  }
}
