package io.postflight.cli;

/**
 * A command, or a group of options of one, that reads the settings. Where there is none, {@code
 * --config} and {@code --set} would have no effect and are refused.
 */
interface ReadsSettings {}
