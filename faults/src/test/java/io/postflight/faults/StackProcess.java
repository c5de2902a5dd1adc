package io.postflight.faults;

import io.postflight.demo.embedded.AnnouncedStack;
import io.postflight.demo.embedded.DataDirectory;
import io.postflight.demo.embedded.EmbeddedLauncher;
import io.postflight.demo.embedded.EmbeddedStack;
import io.postflight.demo.embedded.RunningStacks;
import io.postflight.operations.Progress;
import io.postflight.runtime.Shutdown;
import io.postflight.settings.DeploymentSettings;
import io.postflight.settings.SettingsLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs an embedded stack, on any free HTTP port, until the process ends. */
final class StackProcess {
  private StackProcess() {}

  /** With the data directory as the only argument. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    DeploymentSettings settings =
        new SettingsLoader(Map.of()).loadForDevelopment(null, List.of("http.port=0"));
    Map<String, String> cache =
        Map.of("POSTFLIGHT_CACHE_DIR", directory.resolve("cache").toString());
    EmbeddedLauncher launcher = new EmbeddedLauncher(false, System.err);
    try (Shutdown shutdown = Shutdown.ofThisThread();
        DataDirectory data = DataDirectory.take(directory);
        EmbeddedStack stack = launcher.start(data, settings, false, Progress.SILENT);
        AnnouncedStack announced =
            AnnouncedStack.of(stack.endpoints(), data, new RunningStacks(cache, directory))) {
      System.out.println("Ready: " + announced.file());
      shutdown.await();
    }
  }
}
