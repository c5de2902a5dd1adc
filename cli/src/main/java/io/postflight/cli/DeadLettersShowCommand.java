package io.postflight.cli;

import io.postflight.operations.FileFaults;
import io.postflight.operations.OperationException;
import io.postflight.operations.deadletter.DeadLetterDetail;
import io.postflight.operations.deadletter.DeadLetterText;
import io.postflight.replay.deadletter.DeadLetterId;
import io.postflight.replay.deadletter.DeadLetterTopic.ListedDeadLetter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one dead letter. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Shows one dead letter: reason, headers, key and original bytes, in Base64 if they are not"
          + " text.",
      "",
      "Exit code 1 if there is no such dead letter.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight dead-letters show 0:12",
      "  postflight dead-letters show --json 0:12 | jq -r .detail",
      "  postflight dead-letters show --raw 0:12 | postflight normalize --provider whatsapp -",
      "  postflight dead-letters show --out body.json 0:12"
    })
final class DeadLettersShowCommand extends ServerCommand {
  @Parameters(paramLabel = "ID", description = "Its id, partition:offset, as 'list' prints it.")
  String id = "";

  @Option(names = "--raw", description = "Only the original bytes, unchanged.")
  boolean raw;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Writes the original bytes to this file.")
  @Nullable Path file;

  @Option(names = "--json", description = "As one JSON object.")
  boolean json;

  @Override
  public Integer call() {
    if (raw && json) {
      throw OperationException.usage("--raw and --json are mutually exclusive");
    }
    DeadLetterId wanted = parsed();
    ListedDeadLetter listed = deadLetters(settings()).require(wanted);
    byte[] body = listed.deadLetter().value();
    if (file != null) {
      write(file, body == null ? new byte[0] : body);
    }
    if (raw) {
      out().writeBytes(body == null ? new byte[0] : body);
    } else {
      show(
          DeadLetterDetail.of(listed),
          json,
          detail -> DeadLetterText.print(listed, file == null, out()));
    }
    return ExitCodes.DONE;
  }

  private DeadLetterId parsed() {
    try {
      return DeadLetterId.parse(id);
    } catch (IllegalArgumentException e) {
      throw OperationException.usage(String.valueOf(e.getMessage()));
    }
  }

  private void write(Path to, byte[] body) {
    try {
      Files.write(environment().resolve(to), body);
    } catch (IOException e) {
      throw OperationException.usage("--out " + to + ": " + FileFaults.reason(e));
    }
  }
}
