package io.postflight.cli;

import io.postflight.cli.output.Surroundings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "normalize", mixinStandardHelpOptions = true)
final class NormalizeCommand implements Callable<Integer> {
  NormalizeCommand(GlobalOptions global, Surroundings surroundings) {}

  @Override
  public Integer call() {
    return 0;
  }
}
