package io.postflight.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.JsonLines;
import io.postflight.cli.output.Surroundings;
import io.postflight.operations.OperationException;
import io.postflight.replay.deadletter.DeadLetterId;
import io.postflight.replay.deadletter.DeadLetterRecord;
import io.postflight.replay.deadletter.DeadLetterTopic;
import io.postflight.replay.deadletter.DeadLetterTopic.Listed;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
final class DeadLettersShowCommand implements Callable<Integer> {
  @Mixin ConfiguredServers servers = new ConfiguredServers();

  @Parameters(paramLabel = "ID", description = "Its id, partition:offset, as 'list' prints it.")
  String id = "";

  @Option(names = "--raw", description = "Only the original bytes, unchanged.")
  boolean raw;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Writes the original bytes to this" + " file.")
  @Nullable Path file;

  @Option(names = "--json", description = "As one JSON object.")
  boolean json;

  private final GlobalOptions global;
  private final Surroundings surroundings;

  DeadLettersShowCommand(GlobalOptions global, Surroundings surroundings) {
    this.global = global;
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    if (raw && json) {
      throw OperationException.usage("--raw and --json are mutually exclusive");
    }
    DeadLetterId wanted = parsed();
    Listed listed =
        new DeadLetterServers(servers, global, surroundings)
            .run(deployment -> new DeadLetterTopic(deployment).find(wanted))
            .orElseThrow(() -> OperationException.negative("there is no dead letter " + id));
    byte[] body = listed.deadLetter().value();
    if (file != null) {
      write(file, body == null ? new byte[0] : body);
    }
    if (raw) {
      surroundings.out().writeBytes(body == null ? new byte[0] : body);
    } else if (json) {
      new JsonLines(surroundings.out()).print(object -> fill(object, listed));
    } else {
      print(surroundings.out(), listed);
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
      Files.write(surroundings.resolve(to), body);
    } catch (IOException e) {
      throw OperationException.usage("--out " + to + " cannot be written: " + e);
    }
  }

  private static void fill(ObjectNode object, Listed listed) {
    DeadLetterRecord deadLetter = listed.deadLetter();
    DeadLetterText.fill(object, listed);
    byte[] key = deadLetter.key();
    object.put("key", key == null ? null : DeadLetterText.textOrBase64(key));
    ObjectNode headers = object.putObject("headers");
    deadLetter
        .headers()
        .forEach((name, value) -> headers.put(name, DeadLetterText.textOrBase64(value)));
    byte[] body = deadLetter.value();
    String text = body == null ? null : DeadLetterText.text(body);
    if (body != null && text == null) {
      object.put("bodyBase64", Base64.getEncoder().encodeToString(body));
    } else {
      object.put("body", text);
    }
  }

  private void print(PrintStream out, Listed listed) {
    DeadLetterRecord deadLetter = listed.deadLetter();
    out.println(DeadLetterText.line(listed));
    deadLetter
        .headers()
        .forEach(
            (name, value) ->
                out.printf(
                    "  %-22s %s%n",
                    DeadLetterText.word(name),
                    DeadLetterText.word(DeadLetterText.textOrBase64(value))));
    byte[] key = deadLetter.key();
    if (key != null) {
      out.printf("  %-22s %s%n", "(key)", DeadLetterText.word(DeadLetterText.textOrBase64(key)));
    }
    byte[] body = deadLetter.value();
    if (file == null) {
      out.println();
      out.println(body == null ? "(no value)" : DeadLetterText.textOrBase64(body));
    }
  }
}
