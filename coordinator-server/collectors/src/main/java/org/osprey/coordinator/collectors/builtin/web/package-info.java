/** How collectors get something over HTTP: bounded in time and in size. */
@NullMarked
package org.osprey.coordinator.collectors.builtin.web;

import org.jspecify.annotations.NullMarked;
