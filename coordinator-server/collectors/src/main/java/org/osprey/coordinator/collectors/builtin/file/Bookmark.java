package org.osprey.coordinator.collectors.builtin.file;

/**
 * Where reading was in a file.
 *
 * @param directory where the file was
 * @param position of the first byte that may not be settled
 */
record Bookmark(String directory, FileId id, long position, Fingerprint fingerprint) {}
