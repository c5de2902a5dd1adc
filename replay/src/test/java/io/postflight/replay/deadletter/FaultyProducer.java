package io.postflight.replay.deadletter;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A real producer that simulates a crash at a call: it sends nothing more and closes nothing. */
final class FaultyProducer implements Function<Map<String, Object>, Producer<byte[], byte[]>> {
  private String before = "";
  private String after = "";
  private String hooked = "";
  private Hook hook = () -> {};
  private @Nullable KafkaProducer<byte[], byte[]> real;
  private boolean dead;

  /** A simulated crash. */
  static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Runs in between. */
  @FunctionalInterface
  interface Hook {
    void run() throws Exception;
  }

  FaultyProducer crashingBefore(String call) {
    before = call;
    return this;
  }

  FaultyProducer crashingAfter(String call) {
    after = call;
    return this;
  }

  FaultyProducer onceAfter(String call, Hook what) {
    hooked = call;
    hook = what;
    return this;
  }

  @Override
  @SuppressWarnings("unchecked") // a proxy of this very interface
  public Producer<byte[], byte[]> apply(Map<String, Object> config) {
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    real = producer;
    return (Producer<byte[], byte[]>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Producer.class},
            (proxy, method, arguments) -> {
              String call = method.getName();
              if (call.equals(before)) {
                dead = true;
              }
              if (dead) {
                if (call.equals("close")) {
                  return null;
                }
                throw new Crash();
              }
              Object answer;
              try {
                answer = method.invoke(producer, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (call.equals(hooked)) {
                hooked = "";
                hook.run();
              }
              if (call.equals(after)) {
                dead = true;
                throw new Crash();
              }
              return answer;
            });
  }

  /** Releases the resources of the crashed producer. */
  void deadLetter() {
    if (real != null) {
      real.close(Duration.ZERO);
    }
  }
}
