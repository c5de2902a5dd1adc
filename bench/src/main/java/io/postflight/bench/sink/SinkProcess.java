package io.postflight.bench.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.postflight.bench.process.Variant;
import io.postflight.bench.process.VariantProcess;

/** The process of a variant. */
final class SinkProcess {
  private SinkProcess() {}

  /**
   * Does rounds until the parent ends.
   *
   * @param arguments the id of the variant
   */
  public static void main(String[] arguments) throws InterruptedException, JsonProcessingException {
    VariantProcess.serve(implementation(SinkVariant.of(arguments[0])), SinkRound.class);
  }

  private static Variant<SinkRound, SinkResult> implementation(SinkVariant variant) {
    return switch (variant) {
      case POSTFLIGHT -> new PostflightSink();
      case CEILING -> new PlainConsumer();
      case PARALLEL_UNORDERED -> new ParallelConsumerSink(ProcessingOrder.UNORDERED);
      case PARALLEL_KEY -> new ParallelConsumerSink(ProcessingOrder.KEY);
      case STREAMS_BLOCKING -> new BlockingStreams();
    };
  }
}
