package io.postflight.devstack.simulator;

import io.postflight.devstack.simulator.Delivery.Redelivery;
import io.postflight.devstack.simulator.Delivery.Telling;
import io.postflight.schema.topic.RejectionReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Webhooks of many lives, as providers send them: interleaved, batched, late, repeated, out of
 * order, and some of them wrong.
 *
 * <p>The stream is made while it is read. Memory is bounded by what is on its way at one time,
 * whatever the number of messages. Not thread-safe.
 */
public final class Simulation implements Iterator<SimulatedWebhook> {
  private static final double MEAN_GAP = 3;
  private static final double LONGEST_GAP = 60;
  private static final double MEAN_LATENESS = 20;
  private static final double LONGEST_LATENESS = 200;
  private static final double REDELIVERED_WEBHOOKS = 0.2;
  private static final int LARGEST_BATCH = 12;

  private final SimulationSettings settings;
  private final Lives lives;
  private final Draw draw;
  private final Ledger ledger = new Ledger();
  private final Queue<Delivery> onTheWay = new PriorityQueue<>();
  private final Map<String, Batch> batches = new TreeMap<>();
  private final Queue<SimulatedWebhook> ready = new ArrayDeque<>();
  private long nextLife;
  private long sequence;

  private Simulation(SimulationSettings settings) {
    this.settings = settings;
    this.lives = new Lives(settings);
    this.draw = Draw.of(settings.seed(), Long.MAX_VALUE - 1);
  }

  /** A new stream from its beginning. */
  public static Simulation of(SimulationSettings settings) {
    return new Simulation(settings);
  }

  /**
   * What must be known of each message at the end, in the order in which the lives began. Made anew
   * by each call, from the settings only.
   */
  public Stream<ExpectedMessage> expectedMessages() {
    return lives.expectedMessages();
  }

  /** What must be there once the webhooks given out so far are processed. */
  public Ledger ledger() {
    return ledger;
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty()) {
      beginLives();
      Delivery next = onTheWay.poll();
      if (next == null) {
        if (batches.isEmpty()) {
          return false;
        }
        batches.values().forEach(this::send);
        batches.clear();
      } else if (next instanceof Telling telling) {
        tell(telling.moment());
      } else if (next instanceof Redelivery redelivery) {
        ready.add(redelivery.webhook());
      }
    }
    return true;
  }

  @Override
  public SimulatedWebhook next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    SimulatedWebhook webhook = ready.remove();
    ledger.given(webhook);
    return webhook;
  }

  /** Every life that begins before the next delivery must be on the way before it is taken. */
  private void beginLives() {
    while (nextLife < settings.messages()) {
      Delivery next = onTheWay.peek();
      if (next != null && next.place() < nextLife) {
        return;
      }
      begin(lives.at(nextLife), (double) nextLife);
      nextLife++;
    }
  }

  private void begin(Life life, double start) {
    ledger.expect(life);
    List<Double> places = new ArrayList<>();
    double place = start;
    for (int i = 0; i < life.moments().size(); i++) {
      places.add(place);
      place += draw.waiting(MEAN_GAP, LONGEST_GAP);
    }
    if (places.size() > 1 && draw.chance(settings.reorderings())) {
      Collections.swap(places, draw.below(places.size()), draw.below(places.size()));
    }
    for (int i = 0; i < places.size(); i++) {
      Moment moment = life.moments().get(i);
      onTheWay.add(new Telling(places.get(i), sequence++, moment));
      if (draw.chance(settings.duplicates())) {
        double later = places.get(i) + draw.waiting(MEAN_LATENESS, LONGEST_LATENESS);
        onTheWay.add(new Telling(later, sequence++, moment));
      }
    }
  }

  private void tell(Moment moment) {
    String provider = moment.subject().provider();
    boolean alone =
        moment.mistake() == RejectionReason.MALFORMED_BODY
            || moment.mistake() == RejectionReason.UNSUPPORTED_EVENT
            || !Voice.of(provider).tellsSeveral();
    if (alone) {
      send(new Batch(1, new ArrayList<>(List.of(moment))));
      return;
    }
    String key = provider + '|' + moment.subject().tenant();
    Batch batch =
        batches.computeIfAbsent(
            key, name -> new Batch(1 + draw.below(LARGEST_BATCH), new ArrayList<>()));
    batch.moments().add(moment);
    if (batch.moments().size() == batch.size()) {
      batches.remove(key);
      send(batch);
    }
  }

  private void send(Batch batch) {
    SimulatedWebhook webhook = batch.toWebhook();
    ready.add(webhook);
    if (draw.chance(settings.duplicates() * REDELIVERED_WEBHOOKS)) {
      double later = (double) nextLife + draw.waiting(MEAN_LATENESS, LONGEST_LATENESS);
      onTheWay.add(new Redelivery(later, sequence++, webhook));
    }
  }

  /** Moments of one tenant and provider that go out in one call. */
  private record Batch(int size, List<Moment> moments) {
    SimulatedWebhook toWebhook() {
      Moment.Subject first = moments.get(0).subject();
      Voice voice = Voice.of(first.provider());
      List<ExpectedRejection> rejections = new ArrayList<>();
      for (int index = 0; index < moments.size(); index++) {
        RejectionReason mistake = moments.get(index).mistake();
        if (mistake != null) {
          rejections.add(new ExpectedRejection(index, mistake));
        }
      }
      return new SimulatedWebhook(
          first.provider(),
          first.tenant(),
          voice.contentType(),
          voice.tell(moments),
          voice.headers(moments.get(0)),
          moments.size() - rejections.size(),
          rejections);
    }
  }
}
