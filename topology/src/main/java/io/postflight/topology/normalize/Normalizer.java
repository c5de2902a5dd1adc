package io.postflight.topology.normalize;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.topology.adapter.BodyTooLargeException;
import io.postflight.topology.adapter.Entries;
import io.postflight.topology.adapter.EventDraft;
import io.postflight.topology.adapter.MalformedBodyException;
import io.postflight.topology.adapter.Payload;
import io.postflight.topology.adapter.ProviderAdapter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Normalizes the raw bytes of a webhook into canonical events and rejections: a pure function of
 * the webhook, defined for every sequence of bytes, in linear time. It never throws.
 *
 * <p>Of a body with several entries, all valid entries are accepted and only the invalid ones are
 * rejected, each by its index. A body that does not have the provider's format is rejected as a
 * whole, with index 0, also if it is truncated after valid entries: then the index of an entry and
 * the end of a value are uncertain, and the original bytes are in the dead letter. An empty array
 * of a provider that sends arrays gives an empty list; every other body has at least one outcome.
 *
 * <p>Tenant and signature are not checked here. Thread-safe.
 */
public final class Normalizer {
  /** All of the parser's message, since other messages quote the body. */
  private static final Pattern UNPAIRED_SURROGATE =
      Pattern.compile("(Unexpected low surrogate|Broken surrogate pair) in field name: .*");

  private final Map<String, ProviderAdapter> adapters;
  private final ThreadLocal<EventIds> ids = ThreadLocal.withInitial(EventIds::new);

  /**
   * Creates a normalizer for these providers.
   *
   * @throws IllegalArgumentException if there are two adapters for one provider
   */
  public Normalizer(List<ProviderAdapter> adapters) {
    Map<String, ProviderAdapter> byName = new TreeMap<>();
    for (ProviderAdapter adapter : adapters) {
      if (byName.put(adapter.provider(), adapter) != null) {
        throw new IllegalArgumentException(
            "two adapters for the provider '" + adapter.provider() + "'; there may be one");
      }
    }
    this.adapters = Collections.unmodifiableMap(byName);
  }

  /** A normalizer for all supported providers. */
  public static Normalizer ofAllProviders() {
    return new Normalizer(ProviderAdapter.all());
  }

  /** The supported providers, as in the webhook URL. */
  public Set<String> providers() {
    return adapters.keySet();
  }

  /**
   * Normalizes a webhook.
   *
   * @return one outcome per entry, in the order of the body; a single rejection with index 0 if the
   *     body as a whole is rejected
   */
  public List<Outcome> normalize(RawWebhook raw) {
    ProviderAdapter adapter = adapters.get(raw.provider());
    if (adapter == null) {
      return whole(
          RejectionReason.UNKNOWN_PROVIDER,
          "the provider is not supported; allowed: " + String.join(", ", providers()));
    }
    byte[] body = raw.body();
    if (body.length > NormalizerLimits.BODY_BYTES) {
      return whole(
          RejectionReason.TOO_LARGE,
          "the body has "
              + body.length
              + " bytes; allowed: at most "
              + NormalizerLimits.BODY_BYTES);
    }
    int invalid = Utf8.firstInvalid(body);
    if (invalid >= 0) {
      return whole(
          RejectionReason.MALFORMED_BODY, "the body is not valid UTF-8 at byte " + invalid);
    }
    return read(adapter, raw);
  }

  private List<Outcome> read(ProviderAdapter adapter, RawWebhook raw) {
    Collected collected = new Collected(new EventAssembly(raw, ids.get()));
    try {
      Payload payload =
          new Payload(raw.body(), startOfText(raw.body()), raw.contentType(), raw.query());
      adapter.read(payload, collected);
      return collected.outcomes;
    } catch (MalformedBodyException e) {
      return whole(RejectionReason.MALFORMED_BODY, messageOf(e));
    } catch (BodyTooLargeException e) {
      return whole(RejectionReason.TOO_LARGE, messageOf(e));
    } catch (StreamConstraintsException e) {
      return whole(RejectionReason.MALFORMED_BODY, limit(e));
    } catch (JsonEOFException e) {
      return whole(RejectionReason.MALFORMED_BODY, "the JSON is truncated" + at(e));
    } catch (JacksonException e) {
      return whole(RejectionReason.MALFORMED_BODY, unreadable(e) + at(e));
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // The message could contain data of the body; the class is sufficient to find the fault.
      return whole(RejectionReason.INTERNAL, "the adapter failed with " + e.getClass().getName());
    }
  }

  /** Which limit of the parser is exceeded, without the setting of the parser. */
  private static String limit(StreamConstraintsException e) {
    return "the JSON exceeds a limit: "
        + e.getOriginalMessage().replaceFirst(", from `[^`]*`\\)", ")");
  }

  private static String unreadable(JacksonException e) {
    return UNPAIRED_SURROGATE.matcher(String.valueOf(e.getOriginalMessage())).matches()
        ? "the name of a field has an unpaired surrogate"
        : "the body is not JSON";
  }

  private static String at(JacksonException e) {
    JsonLocation location = e.getLocation();
    return location == null || location.getByteOffset() < 0
        ? ""
        : " at byte " + location.getByteOffset();
  }

  private static String messageOf(Exception e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  private static List<Outcome> whole(RejectionReason reason, String detail) {
    return List.of(EventAssembly.rejected(0, reason, detail));
  }

  /** Some clients send a byte order mark. */
  private static int startOfText(byte[] body) {
    return body.length >= 3
            && body[0] == (byte) 0xEF
            && body[1] == (byte) 0xBB
            && body[2] == (byte) 0xBF
        ? 3
        : 0;
  }

  private static final class Collected implements Entries {
    private final EventAssembly assembly;
    private final List<Outcome> outcomes = new ArrayList<>();
    private long textChars;

    Collected(EventAssembly assembly) {
      this.assembly = assembly;
    }

    @Override
    public void add(EventDraft draft) throws BodyTooLargeException {
      int index = outcomes.size();
      if (index == NormalizerLimits.ENTRIES) {
        throw new BodyTooLargeException(
            "the body has more than " + NormalizerLimits.ENTRIES + " entries; none was processed");
      }
      textChars += draft.textChars();
      if (textChars > NormalizerLimits.TEXT_CHARS) {
        throw new BodyTooLargeException(
            "the entries have more than "
                + NormalizerLimits.TEXT_CHARS
                + " characters in all; none was processed");
      }
      outcomes.add(assembly.finish(index, draft));
    }
  }
}
