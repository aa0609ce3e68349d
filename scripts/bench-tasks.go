// Runs containers through containerd as fast as it lets us, and prints how many per second.
//
//	bench-tasks ADDRESS IMAGE RUNTIME COUNT PARALLEL
//
// One connection, no processes of our own: what is measured is containerd and the runtime.
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/containerd/containerd"
	"github.com/containerd/containerd/cio"
	"github.com/containerd/containerd/namespaces"
	"github.com/containerd/containerd/oci"
	"github.com/containerd/containerd/platforms"
)

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench-tasks:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, client *containerd.Client, image containerd.Image, runtime, name string) error {
	container, err := client.NewContainer(ctx, name,
		containerd.WithImage(image), containerd.WithNewSnapshot(name, image),
		containerd.WithRuntime(runtime, nil), containerd.WithNewSpec(oci.WithImageConfig(image)))
	if err != nil {
		return err
	}
	defer container.Delete(ctx, containerd.WithSnapshotCleanup)
	task, err := container.NewTask(ctx, cio.NullIO)
	if err != nil {
		return err
	}
	defer task.Delete(ctx)
	ended, err := task.Wait(ctx)
	if err != nil {
		return err
	}
	if err := task.Start(ctx); err != nil {
		return err
	}
	status := <-ended
	if status.ExitCode() != 0 {
		return fmt.Errorf("%s ended with %d", name, status.ExitCode())
	}
	return nil
}

func main() {
	if len(os.Args) != 6 {
		fmt.Fprintln(os.Stderr, "usage: bench-tasks ADDRESS IMAGE RUNTIME COUNT PARALLEL")
		os.Exit(64)
	}
	count, err := strconv.Atoi(os.Args[4])
	fail(err)
	parallel, err := strconv.Atoi(os.Args[5])
	fail(err)
	client, err := containerd.New(os.Args[1], containerd.WithDefaultPlatform(platforms.All))
	fail(err)
	ctx := namespaces.WithNamespace(context.Background(), "bench")
	image, err := client.GetImage(ctx, os.Args[2])
	fail(err)
	numbers := make(chan int)
	var group sync.WaitGroup
	begin := time.Now()
	for worker := 0; worker < parallel; worker++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for number := range numbers {
				fail(run(ctx, client, image, os.Args[3], fmt.Sprintf("bench-%d-%d", os.Getpid(), number)))
			}
		}()
	}
	for number := 0; number < count; number++ {
		numbers <- number
	}
	close(numbers)
	group.Wait()
	fmt.Printf("%.2f\n", float64(count)/time.Since(begin).Seconds())
}
