package org.osprey.coordinator.http;

import org.eclipse.jetty.websocket.api.Session;

/** Takes whatever comes and says nothing. Public, or Jetty can't call it. */
public final class DeafSocket extends Session.Listener.AbstractAutoDemanding {}
