;; The loops over the pixels of 16-bit images that V8's compiler leaves scalar. Sizes and regions are simdPixels.ts's business: each region
;; is followed by 16 bytes that may be read and overwritten, because everything here moves in whole vectors.
(module
  (memory (export "memory") 1)

  ;; PackBits from $from until $end, to $count bytes at $to. Returns whether there were so many.
  (func (export "unpackBits") (param $from i32) (param $end i32) (param $to i32) (param $count i32) (result i32)
    (local $stop i32) (local $control i32) (local $last i32) (local $source i32) (local $value v128)
    (local.set $stop (i32.add (local.get $to) (local.get $count)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $to) (local.get $stop)))
        (br_if $done (i32.ge_u (local.get $from) (local.get $end)))
        (local.set $control (i32.load8_u (local.get $from)))
        (local.set $from (i32.add (local.get $from) (i32.const 1)))
        (br_if $next (i32.eq (local.get $control) (i32.const 128)))
        (if (i32.lt_u (local.get $control) (i32.const 128))
          (then ;; control + 1 bytes as they are
            (local.set $last (i32.add (i32.add (local.get $to) (local.get $control)) (i32.const 1)))
            (if (i32.gt_u (local.get $last) (local.get $stop)) (then (local.set $last (local.get $stop))))
            (if (i32.gt_u (i32.add (local.get $from) (i32.sub (local.get $last) (local.get $to))) (local.get $end))
              (then (return (i32.const 0))))
            (local.set $source (local.get $from))
            (loop $copy
              (v128.store align=1 (local.get $to) (v128.load align=1 (local.get $source)))
              (local.set $source (i32.add (local.get $source) (i32.const 16)))
              (br_if $copy (i32.lt_u (local.tee $to (i32.add (local.get $to) (i32.const 16))) (local.get $last))))
            (local.set $from (i32.add (i32.add (local.get $from) (local.get $control)) (i32.const 1))))
          (else ;; 257 - control times the next byte
            (if (i32.ge_u (local.get $from) (local.get $end)) (then (return (i32.const 0))))
            (local.set $value (v128.load8_splat (local.get $from)))
            (local.set $from (i32.add (local.get $from) (i32.const 1)))
            (local.set $last (i32.sub (i32.add (local.get $to) (i32.const 257)) (local.get $control)))
            (if (i32.gt_u (local.get $last) (local.get $stop)) (then (local.set $last (local.get $stop))))
            (loop $fill
              (v128.store align=1 (local.get $to) (local.get $value))
              (br_if $fill (i32.lt_u (local.tee $to (i32.add (local.get $to) (i32.const 16))) (local.get $last))))))
        (local.set $to (local.get $last))
        (br $next)))
    (i32.ge_u (local.get $to) (local.get $stop)))

  ;; $count bytes of a low and a high plane to 16-bit values.
  (func (export "interleave") (param $low i32) (param $high i32) (param $to i32) (param $count i32)
    (local $stop i32) (local $l v128) (local $h v128)
    (local.set $stop (i32.add (local.get $low) (local.get $count)))
    (loop $next
      (local.set $l (v128.load align=1 (local.get $low)))
      (local.set $h (v128.load align=1 (local.get $high)))
      (v128.store align=1 (local.get $to)
        (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $l) (local.get $h)))
      (v128.store offset=16 align=1 (local.get $to)
        (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (local.get $l) (local.get $h)))
      (local.set $high (i32.add (local.get $high) (i32.const 16)))
      (local.set $to (i32.add (local.get $to) (i32.const 32)))
      (br_if $next (i32.lt_u (local.tee $low (i32.add (local.get $low) (i32.const 16))) (local.get $stop)))))

  ;; Smallest and greatest of the int16 from 0 until $end, eight of them each: eight minima at $end, eight maxima behind them.
  (func (export "range") (param $end i32)
    (local $at i32) (local $v v128) (local $min v128) (local $max v128)
    (local.set $min (v128.load (i32.const 0)))
    (local.set $max (local.get $min))
    (loop $next
      (local.set $v (v128.load (local.get $at)))
      (local.set $min (i16x8.min_s (local.get $min) (local.get $v)))
      (local.set $max (i16x8.max_s (local.get $max) (local.get $v)))
      (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
    (v128.store (local.get $end) (local.get $min))
    (v128.store offset=16 (local.get $end) (local.get $max)))
)
