/**
 * The one tree of settings. Built-in defaults (coordinator-default.yaml), the operator's YAML file
 * and the environment flow through {@link org.osprey.coordinator.app.config.ConfigLoader} into
 * {@link org.osprey.coordinator.app.config.CoordinatorConfig}, whose records the composition maps
 * to the settings of each module; no module reads a setting from anywhere else.
 */
@NullMarked
package org.osprey.coordinator.app.config;

import org.jspecify.annotations.NullMarked;
