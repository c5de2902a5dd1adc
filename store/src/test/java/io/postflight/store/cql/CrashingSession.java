package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A session of a process that crashes: a number of its changes reach the server, and then none. */
final class CrashingSession {
  private final CqlSession session;
  private final AtomicInteger changesLeft;

  private CrashingSession(CqlSession session, int changes) {
    this.session = session;
    this.changesLeft = new AtomicInteger(changes);
  }

  /** Wraps a session so that it sends at most this number of changes. */
  static CqlSession of(CqlSession session, int changes) {
    return (CqlSession)
        Proxy.newProxyInstance(
            CrashingSession.class.getClassLoader(),
            new Class<?>[] {CqlSession.class},
            new CrashingSession(session, changes)::invoke);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // returned to the caller
  private Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    if (method.getName().equals("executeAsync") && isRefused(arguments[0])) {
      return CompletableFuture.failedFuture(new IllegalStateException("the process has crashed"));
    }
    try {
      return method.invoke(session, arguments);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }

  private boolean isRefused(Object statement) {
    boolean read =
        statement instanceof BoundStatement bound
            && bound.getPreparedStatement().getQuery().startsWith("SELECT");
    return read ? changesLeft.get() < 0 : changesLeft.getAndDecrement() <= 0;
  }
}
