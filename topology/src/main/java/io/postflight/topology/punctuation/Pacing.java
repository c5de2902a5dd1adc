package io.postflight.topology.punctuation;

import io.postflight.topology.deadline.CaughtUp;

/**
 * When punctuators may do their work.
 *
 * @param caughtUp up to where deadlines may fire
 * @param budget how much of the threads' time all of them may take
 */
public record Pacing(CaughtUp caughtUp, PunctuationBudget budget) {}
