package io.postflight.topology.punctuation;

import io.postflight.topology.deadline.CaughtUp;

/**
 * Controls when punctuators do their work.
 *
 * @param caughtUp the time up to which deadlines may fire
 * @param budget the share of thread time that punctuators may use
 */
public record Pacing(CaughtUp caughtUp, PunctuationBudget budget) {}
