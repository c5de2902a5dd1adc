package io.postflight.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.operations.OperationException;
import io.postflight.operations.client.DeploymentClient;

/** What an answer of a deployment means for a command that reads. */
final class ResponseReader {
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;

  private ResponseReader() {}

  /**
   * The body of a good answer.
   *
   * @param missing what to say when there is no such thing
   * @throws OperationException for any other answer
   */
  static JsonNode body(DeploymentClient.Answer answer, String missing) {
    return switch (answer.status()) {
      case OK -> answer.body();
      case NOT_FOUND -> throw OperationException.negative(missing);
      case BAD_REQUEST -> throw OperationException.usage(answer.problem());
      case UNAUTHORIZED ->
          throw OperationException.usage(
              "--api-key is not a key of that tenant: " + answer.problem());
      case FORBIDDEN -> throw OperationException.usage("--api-key: " + answer.problem());
      case UNAVAILABLE -> throw OperationException.unreachable(answer.problem(), null);
      default -> throw OperationException.negative(answer.problem());
    };
  }
}
