package io.postflight.devstack.cql;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
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
  private static final String[] ALL_TABLES = {};

  private NodeControl() {}

  /** Writes the keyspace's memtables to disk, and then all its tables' files into one each. */
  @SuppressWarnings("BanJNDI") // the address is that of our own child process
  static void flushAndCompact(long pid, String keyspace) {
    try {
      VirtualMachine node = VirtualMachine.attach(Long.toString(pid));
      try (JMXConnector connector =
          JMXConnectorFactory.connect(new JMXServiceURL(node.startLocalManagementAgent()))) {
        MBeanServerConnection beans = connector.getMBeanServerConnection();
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
      } finally {
        node.detach();
      }
    } catch (IOException | AttachNotSupportedException | JMException failure) {
      throw new IllegalStateException("cannot compact keyspace " + keyspace, failure);
    }
  }
}
