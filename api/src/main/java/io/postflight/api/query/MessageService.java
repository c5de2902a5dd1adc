package io.postflight.api.query;

import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.postflight.api.http.Caller;
import io.postflight.api.http.JsonBody;
import io.postflight.api.http.Params;
import io.postflight.api.http.PathIds;
import io.postflight.api.http.Problem;
import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.message.MessageRevision;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** {@code GET /v1/messages/{id}[?wait=5s]}, {@code GET /v1/message?id=[&wait=5s]}. */
final class MessageService extends QueryService {
  private final MergedReads reads;
  private final MessageWait waiting;
  private final Duration maxWait;

  MessageService(
      TenantDirectory tenants, MergedReads reads, MessageWait waiting, Duration maxWait) {
    super(tenants, "id", List.of("wait"));
    this.reads = reads;
    this.waiting = waiting;
    this.maxWait = maxWait;
  }

  @Override
  CompletionStage<byte[]> answer(ServiceRequestContext ctx, Caller caller, Params params) {
    String id = PathIds.of(ctx, "id", params);
    Duration wait = params.duration("wait", maxWait);
    CompletionStage<Optional<MessageRevision>> found;
    if (wait == null || wait.isZero()) {
      found = reads.message(caller.tenant(), id);
    } else {
      ctx.setRequestTimeout(TimeoutMode.EXTEND, wait);
      String tenant = caller.tenant().getId();
      found = waiting.until(ctx, tenant, wait, () -> reads.message(caller.tenant(), id));
    }
    return found.thenApply(
        message ->
            message
                .map(known -> JsonBody.bytes(json -> MessageJson.write(json, known)))
                .orElseThrow(MessageService::noSuchMessage));
  }

  /** The same for a message that never existed, belongs to another tenant, or is erased. */
  static RuntimeException noSuchMessage() {
    return Problem.notFound("there is no message with this id");
  }
}
