package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A session of a process that dies: a number of its changes reach the server, and then nothing
 * does.
 */
final class MortalSession {
  private final CqlSession session;
  private final AtomicInteger changesLeft;

  private MortalSession(CqlSession session, int changes) {
    this.session = session;
    this.changesLeft = new AtomicInteger(changes);
  }

  /** A view of a session that sends so many changes at the most. */
  static CqlSession of(CqlSession session, int changes) {
    return (CqlSession)
        Proxy.newProxyInstance(
            MortalSession.class.getClassLoader(),
            new Class<?>[] {CqlSession.class},
            new MortalSession(session, changes)::invoke);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // it goes to the caller
  private Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    if (method.getName().equals("executeAsync") && isRefused(arguments[0])) {
      return CompletableFuture.failedFuture(new IllegalStateException("this process is dead"));
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
