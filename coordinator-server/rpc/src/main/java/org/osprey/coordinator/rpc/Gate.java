package org.osprey.coordinator.rpc;

import io.grpc.Context;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCall.Listener;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Map;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorServiceGrpc;
import org.osprey.coordinator.proto.externalscaler.ExternalScalerGrpc;
import org.osprey.coordinator.proto.sync_action.v1.OspreyCoordinatorSyncActionServiceGrpc;
import org.osprey.coordinator.security.Access;
import org.osprey.coordinator.security.Identity;
import org.osprey.coordinator.security.RefusedException;
import org.osprey.coordinator.security.Role;
import org.osprey.coordinator.security.Visit;

/**
 * Lets calls in whose callers may make them. Health is for everybody, as those who ask for it have
 * no credentials; what is not listed here, like reflection, is for everybody who is known.
 */
final class Gate implements ServerInterceptor {
  static final String HEALTH = "grpc.health.v1.Health";

  private static final Map<String, Role> NEEDS =
      Map.of(
          OspreyCoordinatorServiceGrpc.SERVICE_NAME, Role.WORKER,
          OspreyCoordinatorSyncActionServiceGrpc.SERVICE_NAME, Role.SUBMITTER,
          ExternalScalerGrpc.SERVICE_NAME, Role.VIEWER);

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private static final Context.Key<Identity> IDENTITY = Context.key("identity");
  private static final Context.Key<Visit> VISIT = Context.key("visit");

  private final Access access;

  Gate(Access access) {
    this.access = access;
  }

  /** Who makes the call that is being started; null when nobody is asked. */
  static @Nullable Identity caller() {
    return IDENTITY.get();
  }

  /** Of the worker whose stream is being started; null when nobody is asked. */
  static @Nullable Visit visit() {
    return VISIT.get();
  }

  @Override
  public <Q, A> Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String service = String.valueOf(call.getMethodDescriptor().getServiceName());
    if (service.equals(HEALTH)) {
      return next.startCall(call, headers);
    }
    try {
      Identity who =
          access.identify(headers.get(AUTHORIZATION), certificate(call), Peers.address(call));
      Role need = NEEDS.get(service);
      if (need != null) {
        access.require(who, need);
      }
      return need == Role.WORKER
          ? counted(call, headers, next, who)
          : started(call, headers, next, Context.current().withValue(IDENTITY, who));
    } catch (RefusedException e) {
      call.close(status(e), new Metadata());
      return new Listener<>() {};
    }
  }

  /** What a refusal is on this wire. */
  static Status status(RefusedException refused) {
    Status code =
        switch (refused.reason()) {
          case NO_CREDENTIAL, BAD_CREDENTIAL -> Status.UNAUTHENTICATED;
          case ROLE, ACTION_NAME -> Status.PERMISSION_DENIED;
          case PAYLOAD -> Status.INVALID_ARGUMENT;
          case RATE, STREAMS -> Status.RESOURCE_EXHAUSTED;
        };
    return code.withDescription(refused.getMessage());
  }

  private <Q, A> Listener<Q> counted(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next, Identity who)
      throws RefusedException {
    Runnable leave = access.enter(who);
    Context context =
        Context.current().withValues(IDENTITY, who, VISIT, visit(call, headers.get(AUTHORIZATION)));
    return new SimpleForwardingServerCallListener<>(started(call, headers, next, context)) {
      @Override
      public void onCancel() {
        leave.run();
        super.onCancel();
      }

      @Override
      public void onComplete() {
        leave.run();
        super.onComplete();
      }
    };
  }

  /** Certificates are good as long as the connection is. */
  private Visit visit(ServerCall<?, ?> call, @Nullable String authorization) {
    String peer = Peers.address(call);
    return access.visit(() -> authorization == null || isWorker(authorization, peer));
  }

  private boolean isWorker(String authorization, String peer) {
    try {
      access.require(access.identify(authorization, null, peer), Role.WORKER);
      return true;
    } catch (RefusedException e) {
      return false;
    }
  }

  private static <Q, A> Listener<Q> started(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next, Context with) {
    Context before = with.attach();
    try {
      return next.startCall(call, headers);
    } finally {
      with.detach(before);
    }
  }

  private static @Nullable X509Certificate certificate(ServerCall<?, ?> call) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session == null) {
      return null;
    }
    try {
      Certificate[] shown = session.getPeerCertificates();
      return shown.length > 0 && shown[0] instanceof X509Certificate own ? own : null;
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }
}
