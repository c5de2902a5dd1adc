package io.postflight.sink.simulation;

import io.postflight.schema.message.TierRecord;
import io.postflight.sink.simulation.Catalogue.Content;
import java.util.ArrayList;
import java.util.List;

/** What the records of one history say: those of the catalogue, and some of its own. */
public final class Contents {
  private final Catalogue catalogue;
  private final List<Content> own = new ArrayList<>();

  /** Those of the catalogue. */
  public Contents(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /** What a number stands for. */
  public Content get(int number) {
    return number < catalogue.size() ? catalogue.get(number) : own.get(number - catalogue.size());
  }

  /** How many the catalogue has: those below are no commands. */
  int ofCatalogue() {
    return catalogue.size();
  }

  /** Gives a number to one of the history's own. */
  int add(TierRecord record) {
    own.add(Content.of(record));
    return catalogue.size() + own.size() - 1;
  }
}
