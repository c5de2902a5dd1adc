package io.postflight.topology.adapter;

import org.jspecify.annotations.Nullable;

/** Values of an entry, from JSON or from a form, of which some are ids or times. */
interface Fields extends NamedValues {
  /** The first of these that is present, as text; an object or array rejects the entry. */
  @Nullable String text(EventDraft draft, String... names);

  /**
   * The first of these ids that is present; what is neither a text nor a whole number rejects the
   * entry.
   */
  @Nullable String id(EventDraft draft, String... names);

  /**
   * The first of these times that is present, epoch milliseconds; what cannot be read as a time
   * rejects the entry.
   */
  @Nullable Long time(EventDraft draft, String... names);

  /** The fields of a form, whose values are texts. */
  static Fields of(FormBody form) {
    return new Fields() {
      @Override
      public @Nullable String get(String name) {
        return form.get(name);
      }

      @Override
      public @Nullable String text(EventDraft draft, String... names) {
        return form.first(names);
      }

      @Override
      public @Nullable String id(EventDraft draft, String... names) {
        return form.first(names);
      }

      @Override
      public @Nullable Long time(EventDraft draft, String... names) {
        for (String name : names) {
          String text = form.get(name);
          if (text != null) {
            return ProviderTimes.of(draft, name, text);
          }
        }
        return null;
      }
    };
  }
}
