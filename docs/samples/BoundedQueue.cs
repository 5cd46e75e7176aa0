using System;
using System.Collections.Generic;

namespace Samples
{
    /// <summary>A queue that refuses to grow beyond its capacity.</summary>
    public class BoundedQueue<T>
    {
        private readonly T[] items;
        private int head;
        private int count;

        public BoundedQueue(int capacity)
        {
            if (capacity <= 0)
                throw new ArgumentOutOfRangeException(nameof(capacity));

            items = new T[capacity];
        }

        public int Count
        {
            get { return count; }
        }

        public bool IsEmpty
        {
            get { return count == 0; }
        }

        public void Enqueue(T item)
        {
            if (count == items.Length)
                throw new InvalidOperationException("The queue is full.");

            items[(head + count) % items.Length] = item;
            count++;
        }

        public T Dequeue()
        {
            if (count == 0)
                throw new InvalidOperationException("The queue is empty.");

            T item = items[head];
            items[head] = default(T);
            head = (head + 1) % items.Length;
            count--;
            return item;
        }

        public void Clear()
        {
            Array.Clear(items, 0, items.Length);
            head = 0;
            count = 0;
        }
    }
}
