package io.postflight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Invalid options of commands that read topics again, which are refused before any request. */
class ReplayCommandsTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "restore --from 1h|--tier",
        "restore --tier 30d|--from is missing",
        "restore --tier 30d --from soon|--from soon",
        "restore --tier 30d --from 1h --to 2h|is before --from",
        "restore --tier 30d --from 1h --rate -5|--rate -5",
        "restore --tier 30d --from 1h --rate-file none/rate|--rate-file none/rate",
        "restore --tier 30d --resume some-id --from 1h|--resume some-id",
        "restore --tier 30d --resume Some/Id|Some/Id",
        "restore --tier 31d --from 1h --set kafka.bootstrap=127.0.0.1:1|--tier 31d",
        "verify --tier 30d|--from",
        "verify --tier 30d --from never|--from never",
        "verify --tier 30d --from 1h --rechecks -1|--rechecks -1",
        "verify --tier 30d --from 1h --late-seconds -1|--late-seconds -1",
        "verify --tier 31d --from 1h --set kafka.bootstrap=127.0.0.1:1|--tier 31d",
        "tiers recovery start|--tier",
        "tiers recovery finish --tier 30d --rate -5|--rate -5",
        "tiers recovery start --tier 31d --set kafka.bootstrap=127.0.0.1:1|--tier 31d",
        "normalize --provider events|missing: FILE",
        "normalize --provider events --apply --from 2h --to 1h a|--apply, --from, --to would have no",
        "normalize --provider events --servers dev a|--servers would have no effect without --replay",
        "normalize --provider events --set http.port=1 a|--set would have no effect",
        "normalize --provider events --config a.conf a|--config would have no effect",
        "normalize --replay --provider events|missing: --from",
        "normalize --replay --provider events --from 1h --to 2h|--to 2h is before --from 1h",
        "normalize --replay --provider events --from 1h a.json|FILE would have no effect beside",
        "normalize --replay --provider pigeon --from 1h|--provider pigeon is not known",
        "drill|--tier",
        "drill --tier 30d --messages 0|--messages 0",
        "drill --tier 31d --set kafka.bootstrap=127.0.0.1:1|--tier 31d",
      })
  void invalid_options_are_named(String line, String named) {
    CommandRun run = CommandRun.of(directory, line.split(" ", -1));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err().lines().filter(each -> !each.startsWith("target: ")))
        .singleElement()
        .asString()
        .contains(named);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void a_server_that_does_not_respond_is_named() {
    CommandRun run =
        CommandRun.of(
            directory,
            ("normalize --replay --provider events --from 1h --set kafka.bootstrap=127.0.0.1:9"
                    + " --set kafka.client.request.timeout.ms=100"
                    + " --set kafka.client.default.api.timeout.ms=100")
                .split(" "));

    assertThat(run.code()).as(run.out()).isEqualTo(3);
    assertThat(run.err()).contains("127.0.0.1:9").hasLineCount(1);
    assertThat(run.target()).contains("127.0.0.1:9");
  }

  @Test
  void help_describes_how_the_rate_is_changed() {
    CommandRun run = CommandRun.of(directory, "restore", "--help");

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("--rate-file", "--resume", "Examples:");
  }
}
