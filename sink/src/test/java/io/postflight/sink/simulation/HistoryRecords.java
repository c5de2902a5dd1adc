package io.postflight.sink.simulation;

import io.postflight.schema.message.TierRecord;
import io.postflight.sink.simulation.SimulatedRecords.Content;
import java.util.ArrayList;
import java.util.List;

/** The records of one history: the samples, and some created during the history. */
public final class HistoryRecords {
  private final SimulatedRecords catalogue;
  private final List<Content> own = new ArrayList<>();

  /** Begins with the samples. */
  public HistoryRecords(SimulatedRecords catalogue) {
    this.catalogue = catalogue;
  }

  /** The content with a number. */
  public Content get(int number) {
    return number < catalogue.size() ? catalogue.get(number) : own.get(number - catalogue.size());
  }

  /** Number of samples; contents with lower numbers are no commands. */
  int ofCatalogue() {
    return catalogue.size();
  }

  /** Adds a record; returns its number. */
  int add(TierRecord record) {
    own.add(Content.of(record));
    return catalogue.size() + own.size() - 1;
  }
}
