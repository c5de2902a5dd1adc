package io.postflight.schema.http;

import io.postflight.schema.concurrent.FutureFailures;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends HTTP requests whose timeout covers the whole exchange. The JDK's own timeout ends with the
 * headers of the response: a server that stalls within the body would be awaited indefinitely.
 */
public final class BoundedHttp {
  /** One for the whole JVM, since a client has its own threads. */
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private BoundedHttp() {}

  /**
   * Sends a request and waits for the complete response.
   *
   * @param request with a timeout
   * @throws HttpTimeoutException if the response is not complete within the timeout
   * @throws IOException if there is no valid response
   * @throws InterruptedException if interrupted; the exchange is aborted
   */
  public static <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<T>> response = sendAsync(request, body);
    try {
      return response.get();
    } catch (ExecutionException failed) {
      Throwable cause = FutureFailures.unwrap(failed);
      throw cause instanceof IOException known ? known : new IOException(cause.toString(), cause);
    } finally {
      response.cancel(true);
    }
  }

  /**
   * Sends a request; completes with the complete response, or fails with an {@link IOException}.
   *
   * @param request with a timeout
   */
  public static <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, HttpResponse.BodyHandler<T> body) {
    long millis = request.timeout().orElseThrow().toMillis();
    CompletableFuture<HttpResponse<T>> exchange = CLIENT.sendAsync(request, body);
    CompletableFuture<HttpResponse<T>> response =
        exchange
            .copy()
            .orTimeout(millis, TimeUnit.MILLISECONDS)
            .exceptionallyCompose(
                failure ->
                    CompletableFuture.failedFuture(
                        FutureFailures.unwrap(failure) instanceof TimeoutException
                            ? new HttpTimeoutException(
                                "no complete response within " + millis + " ms")
                            : FutureFailures.unwrap(failure)));
    CompletableFuture<HttpResponse<T>> unused =
        response.whenComplete(
            (complete, failure) -> {
              if (failure != null) {
                exchange.cancel(true);
              }
            });
    return response;
  }
}
