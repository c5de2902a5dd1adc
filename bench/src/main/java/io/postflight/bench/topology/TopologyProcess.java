package io.postflight.bench.topology;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.postflight.bench.process.VariantProcess;
import java.util.Locale;

/** The process of a variant. */
final class TopologyProcess {
  private TopologyProcess() {}

  /**
   * Does rounds until the parent ends.
   *
   * @param arguments the id of the variant
   */
  public static void main(String[] arguments) throws InterruptedException, JsonProcessingException {
    TopologyVariant variant = TopologyVariant.valueOf(arguments[0].toUpperCase(Locale.ROOT));
    VariantProcess.serve(
        switch (variant) {
          case POSTFLIGHT -> new PostflightRole();
          case CEILING -> new PlainLoop();
        },
        TopologyRound.class);
  }
}
