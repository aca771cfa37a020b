import com.google.protobuf.Timestamp;
import com.google.protobuf.UInt64Value;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.TimeUnit;
import org.osprey.coordinator.proto.sync_action.v1.OspreyCoordinatorSyncActionServiceGrpc;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionRequest;

/**
 * Makes the call that start.sh prints, without grpcurl. Arguments: port, milliseconds to wait.
 * Prints the response, or the status code that came instead.
 */
final class SampleCall {
  public static void main(String[] arguments) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", Integer.parseInt(arguments[0]))
            .usePlaintext()
            .build();
    ProcessActionRequest request =
        ProcessActionRequest.newBuilder()
            .setActionId(UInt64Value.of(12345))
            .setActionName("user_login")
            .setActionDataJson("{\"user_id\":\"user_123\",\"ip_address\":\"192.168.1.1\"}")
            .setTimestamp(Timestamp.newBuilder().setSeconds(1732530600))
            .build();
    try {
      System.out.println(
          OspreyCoordinatorSyncActionServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(Long.parseLong(arguments[1]), TimeUnit.MILLISECONDS)
              .processAction(request));
    } catch (StatusRuntimeException e) {
      System.out.println(e.getStatus().getCode());
    } finally {
      channel.shutdownNow();
    }
  }
}
